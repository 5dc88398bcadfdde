import { messageRule, signatures } from './subject.ts';

export const signers = messageRule({
  id: 'message/signers',
  title: 'Somebody signed',
  level: 'must',
  cites: ['REQ-AS-42'],
  items: signatures,
  check: ({ signed }) =>
    signed.signers.length > 0 ? undefined : { certificates: signed.certificates.length },
  text: ({ certificates }) => `found no SignerInfo, and ${certificates} certificates; expected a signature`,
});
