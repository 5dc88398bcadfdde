import { certificateRule } from './subject.ts';

export const validityNow = certificateRule({
  id: 'certificate/validity-now',
  title: 'The certificate is in force',
  level: 'must',
  cites: ['REQ-AS-30'],
  check: ({ notBefore, notAfter }, _, { at }) =>
    at >= notBefore && at <= notAfter
      ? undefined
      : {
          from: new Date(notBefore).toISOString(),
          to: new Date(notAfter).toISOString(),
          at: new Date(at).toISOString(),
        },
  text: ({ from, to, at }) => `found a validity from ${from} to ${to}; it is ${at}`,
});
