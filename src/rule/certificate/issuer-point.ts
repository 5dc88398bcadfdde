import { certificateRule, isSelfIssued } from './subject.ts';

export const issuerPoint = certificateRule({
  id: 'certificate/issuer-point',
  title: 'The certificate says where its issuer’s certificate is, by http',
  level: 'must',
  cites: ['REQ-CERT-07'],
  applies: (subject) => !isSelfIssued(subject) && subject.role !== 'service',
  check: ({ caIssuersUrls }) =>
    caIssuersUrls.some((url) => /^http:\/\//i.test(url)) ? undefined : { found: caIssuersUrls },
  text: ({ found }) => `found ${found.join(', ') || 'no caIssuers address'}; expected an http URL`,
});
