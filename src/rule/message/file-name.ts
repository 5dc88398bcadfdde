import { nameFaults } from './facts/header.ts';
import { messageRule } from './subject.ts';

export const fileName = messageRule({
  id: 'message/file-name',
  title: 'The envelope is an attachment named smime.p7m',
  level: 'should',
  cites: ['REQ-AS-11'],
  items: ({ form, entity }) => (form === 'enveloped' ? [entity] : []),
  check: (outer) => {
    const faults = nameFaults(outer);
    return faults.length > 0 ? { found: faults.map(({ what, found }) => `${what}: ${found}`) } : undefined;
  },
  text: ({ found }) => `found ${found.join(', ')}; expected an attachment named smime.p7m`,
});
