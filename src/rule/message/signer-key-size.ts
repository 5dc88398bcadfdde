import { keyIsStrong, keyName } from '../../pki/path/strength.ts';
import { messageRule } from './subject.ts';

export const signerKeySize = messageRule({
  id: 'message/signer-key-size',
  title: 'The keys of signers are strong enough',
  level: 'must',
  cites: ['REQ-AS-20', 'REQ-AS-21'],
  items: ({ signature }) =>
    'value' in signature ? signature.value.verdicts.flatMap(({ certificate }) => certificate ?? []) : [],
  check: ({ key }, _, { profile }) =>
    keyIsStrong(key, profile) ? undefined : { key: keyName(key), bits: key.bits },
  text: ({ key, bits }) => `found a signer whose key is ${key} of ${bits} bits`,
});
