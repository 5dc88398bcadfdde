import { certificateRule, isDirect } from './subject.ts';

export const nameSingle = certificateRule({
  id: 'certificate/name-single',
  title: 'The certificate has exactly one alternative name',
  level: 'should',
  cites: ['REQ-AS-07', 'REQ-CERT-14'],
  applies: (subject) => isDirect(subject) && subject.certificate.san.length > 0,
  check: ({ san, emails, dnsNames }) =>
    san.length > 1 ? { count: san.length, names: [...emails, ...dnsNames] } : undefined,
  text: ({ count, names }) => `found ${count} alternative names (${names.join(', ')}); expected one`,
});
