import { needlessFields } from './facts/header.ts';
import { messageRule } from './subject.ts';

export const outerFields = messageRule({
  id: 'message/outer-fields',
  title: 'Outside stand only the fields that the way needs',
  level: 'info',
  cites: ['REQ-AS-13'],
  items: ({ form, entity }) => (form === 'enveloped' ? [entity] : []),
  check: (outer) => {
    const fields = needlessFields(outer).filter((name) => !/^(bcc|x-direct-context)$/i.test(name));
    return fields.length > 0 ? { fields } : undefined;
  },
  text: ({ fields }) => `found ${fields.join(', ')} outside`,
});
