import { messageRule } from './subject.ts';

export const signerUsage = messageRule({
  id: 'message/signer-usage',
  title: 'The keys of signers may sign',
  level: 'must',
  cites: ['REQ-AS-41', 'REQ-CERT-03'],
  items: ({ signature }) =>
    'value' in signature ? signature.value.verdicts.flatMap(({ certificate }) => certificate ?? []) : [],
  check: ({ keyUsage }) =>
    !keyUsage || keyUsage.has('digitalSignature') ? undefined : { usage: [...keyUsage].toSorted() },
  text: ({ usage }) =>
    `the key of the signer may be used for ${usage.join(', ') || 'nothing'}, not for signing`,
});
