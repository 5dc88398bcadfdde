import { isAllowedCipher } from './facts/envelope.ts';
import { envelopes, messageRule } from './subject.ts';

export const contentCipher = messageRule({
  id: 'message/content-cipher',
  title: 'The content is encrypted with AES in CBC mode',
  level: 'must',
  cites: ['REQ-AS-22'],
  items: envelopes,
  check: ({ enveloped: { cipher } }) => (isAllowedCipher(cipher.name) ? undefined : { cipher: cipher.name }),
  text: ({ cipher }) => `found ${cipher}; expected AES-128, AES-192 or AES-256 in CBC mode`,
});
