import { messageRule } from './subject.ts';

export const encrypted = messageRule({
  id: 'message/encrypted',
  title: 'A message that travels is encrypted',
  level: 'must',
  cites: ['REQ-AS-10', 'REQ-AS-39'],
  items: (subject) => (subject.travelled ? [subject] : []),
  check: ({ envelope, entity }) =>
    'value' in envelope ? undefined : { type: entity.contentType.type, why: envelope.missing },
  text: ({ type, why }) => `found ${type}: ${why}; expected application/pkcs7-mime with enveloped data`,
});
