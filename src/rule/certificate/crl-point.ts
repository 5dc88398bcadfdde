import { certificateRule, isSelfIssued } from './subject.ts';

export const crlPoint = certificateRule({
  id: 'certificate/crl-point',
  title: 'The certificate says where its revocation list is, by http',
  level: 'must',
  cites: ['REQ-CERT-07'],
  applies: (subject) => !isSelfIssued(subject) && subject.role !== 'service',
  check: ({ crlUrls }) => (crlUrls.some((url) => /^http:\/\//i.test(url)) ? undefined : { found: crlUrls }),
  text: ({ found }) => `found ${found.join(', ') || 'no distribution point'}; expected an http URL`,
});
