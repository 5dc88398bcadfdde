import { certificateRule } from './subject.ts';

export const responderPoint = certificateRule({
  id: 'certificate/responder-point',
  title: 'An OCSP responder, where one is named, can be asked by http',
  level: 'should',
  cites: ['REQ-CERT-07'],
  applies: ({ certificate }) => certificate.ocspUrls.length > 0,
  check: ({ ocspUrls }) =>
    ocspUrls.some((url) => /^https?:\/\//i.test(url)) ? undefined : { found: ocspUrls },
  text: ({ found }) => `found ${found.join(', ')}; expected an http URL`,
});
