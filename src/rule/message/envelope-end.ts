import { envelopes, messageRule } from './subject.ts';

export const envelopeEnd = messageRule({
  id: 'message/envelope-end',
  title: 'Nothing follows the encrypted object',
  level: 'should',
  cites: ['REQ-AS-10'],
  items: envelopes,
  check: ({ enveloped: { trailing } }) => (trailing > 0 ? { octets: trailing } : undefined),
  text: ({ octets }) => `found ${octets} octets behind the object`,
});
