import { certificateRule } from './subject.ts';

export const validityOrder = certificateRule({
  id: 'certificate/validity-order',
  title: 'The certificate begins before it ends',
  level: 'must',
  cites: ['REQ-AS-30'],
  check: ({ notBefore, notAfter }) =>
    notBefore < notAfter
      ? undefined
      : { from: new Date(notBefore).toISOString(), to: new Date(notAfter).toISOString() },
  text: ({ from, to }) => `found a validity from ${from} to ${to}`,
});
