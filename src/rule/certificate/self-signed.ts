import { certificateRule, isDirect, isSelfIssued } from './subject.ts';

export const selfSigned = certificateRule({
  id: 'certificate/self-signed',
  title: 'The certificate of an address or a domain has an issuer above it',
  level: 'should',
  cites: ['REQ-AS-33'],
  applies: isDirect,
  check: (certificate, subject) =>
    isSelfIssued(subject) ? { names: [...certificate.emails, ...certificate.dnsNames] } : undefined,
  text: ({ names }) =>
    `${names.join(', ') || 'it'} vouches for itself; nobody trusts that who did not pin exactly this certificate`,
});
