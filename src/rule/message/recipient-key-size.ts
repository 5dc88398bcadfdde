import { messageRule } from './subject.ts';

/** A key that RSA encrypted is as long as the modulus. */
const LEAST = 2048;

export const recipientKeySize = messageRule({
  id: 'message/recipient-key-size',
  title: 'RSA keys of recipients have at least 2048 bits',
  level: 'must',
  cites: ['REQ-AS-20'],
  items: ({ envelope }) =>
    'value' in envelope
      ? envelope.value.enveloped.recipients.filter((one) => one.kind === 'key-transport')
      : [],
  check: ({ encryptedKey }) =>
    encryptedKey.length * 8 < LEAST ? { bits: encryptedKey.length * 8 } : undefined,
  text: ({ bits }) =>
    `found a content key encrypted to an RSA key of ${bits} bits; expected ${LEAST} or more`,
});
