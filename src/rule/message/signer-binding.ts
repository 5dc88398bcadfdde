import { bindsTo } from './facts/signature.ts';
import { messageRule, sender } from './subject.ts';

export const signerBinding = messageRule({
  id: 'message/signer-binding',
  title: 'A signer is bound to From',
  level: 'must',
  cites: ['REQ-AS-27', 'REQ-AS-04'],
  items: (subject) => {
    const from = sender(subject);
    const certificates =
      'value' in subject.signature
        ? subject.signature.value.verdicts.flatMap(({ certificate }) => certificate ?? [])
        : [];
    return from !== undefined && certificates.length > 0 ? [{ from, certificates }] : [];
  },
  check: ({ from, certificates }) =>
    certificates.some((one) => bindsTo(one, from))
      ? undefined
      : { from, names: certificates.flatMap(({ emails, dnsNames }) => [...emails, ...dnsNames]) },
  text: ({ from, names }) => `From is ${from}; the signers are bound to ${names.join(', ') || 'nobody'}`,
});
