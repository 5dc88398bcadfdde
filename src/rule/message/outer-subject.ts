import { tellingFields } from './facts/header.ts';
import { messageRule } from './subject.ts';

export const outerSubject = messageRule({
  id: 'message/outer-subject',
  title: 'No field outside tells of the content, Subject least of all',
  level: 'should',
  cites: ['REQ-AS-13'],
  items: (subject) => (subject.form === 'enveloped' ? [subject] : []),
  check: ({ entity, inner }) => {
    const fields = tellingFields(entity, 'value' in inner ? inner.value : undefined);
    return fields.length > 0 ? { fields } : undefined;
  },
  text: ({ fields }) =>
    `found ${fields.join(', ')} where everybody on the way can read it; it belongs inside`,
});
