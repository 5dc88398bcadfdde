import { outerTypeFault } from './facts/envelope.ts';
import { messageRule } from './subject.ts';

export const smimeType = messageRule({
  id: 'message/smime-type',
  title: 'The outer type says with smime-type what the object is',
  level: 'should',
  cites: ['REQ-AS-10', 'REQ-AS-11'],
  items: ({ form, envelope }) => (form === 'enveloped' && 'value' in envelope ? [envelope.value] : []),
  check: ({ outer }) => (outerTypeFault(outer)?.missing ? { type: outer.contentType.type } : undefined),
  text: ({ type }) => `found ${type} without smime-type; expected smime-type=enveloped-data`,
});
