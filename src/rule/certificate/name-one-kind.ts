import { certificateRule, isDirect } from './subject.ts';

export const nameOneKind = certificateRule({
  id: 'certificate/name-one-kind',
  title: 'The certificate is bound to an address or to a domain, not to both',
  level: 'should',
  cites: ['REQ-AS-07'],
  applies: ({ certificate, ...rest }) =>
    isDirect({ certificate, ...rest }) && certificate.emails.length + certificate.dnsNames.length > 0,
  check: ({ emails, dnsNames }) =>
    emails.length > 0 && dnsNames.length > 0 ? { addresses: emails, domains: dnsNames } : undefined,
  text: ({ addresses, domains }) =>
    `found the address ${addresses.join(', ')} and the domain ${domains.join(', ')}; expected one kind of binding`,
});
