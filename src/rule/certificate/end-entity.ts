import { certificateRule, isDirect } from './subject.ts';

/** A CA certificate with an address in it is one that somebody means to use for mail. */
export const endEntity = certificateRule({
  id: 'certificate/end-entity',
  title: 'The certificate of an address or a domain is not one of a CA',
  level: 'must',
  cites: ['REQ-CERT-05'],
  applies: (subject) =>
    isDirect(subject) || subject.certificate.emails.length > 0 || subject.certificate.dnsNames.length > 0,
  check: ({ isCa, emails, dnsNames }) => (isCa ? { names: [...emails, ...dnsNames] } : undefined),
  text: ({ names }) => `found a CA certificate (basicConstraints) for ${names.join(', ') || 'nobody'}`,
});
