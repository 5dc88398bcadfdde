import { readDate } from '../../mail/date.ts';
import { messageRule } from './subject.ts';

export const signerInForce = messageRule({
  id: 'message/signer-in-force',
  title: 'The certificate of a signer is in force when the message is written',
  level: 'must',
  cites: ['REQ-AS-29', 'REQ-AS-30'],
  items: ({ signature }) =>
    'value' in signature && signature.value.verdicts.some(({ certificate }) => certificate)
      ? [signature.value.verdicts.flatMap(({ certificate }) => certificate ?? [])]
      : [],
  check: (certificates, { inner, entity }, context) => {
    const told = 'value' in inner ? inner.value.header('date') : entity.header('date');
    const at = readDate(told) ?? context.at;
    const [first] = certificates;
    return certificates.some(({ notBefore, notAfter }) => at >= notBefore && at <= notAfter) || !first
      ? undefined
      : { from: iso(first.notBefore), to: iso(first.notAfter), at: iso(at) };
  },
  text: ({ from, to, at }) =>
    `the signer's certificate is valid from ${from} to ${to}; the message is of ${at}`,
});

const iso = (ms: number): string => new Date(ms).toISOString();
