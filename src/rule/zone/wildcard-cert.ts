import { certSets, zoneRule } from './subject.ts';

export const wildcardCert = zoneRule({
  id: 'zone/wildcard-cert',
  title: 'No wildcard answers for certificates',
  level: 'should',
  cites: ['REQ-LDAP-01', 'REQ-DNS-03'],
  items: certSets,
  where: ({ name }: { readonly name: string }) => name,
  check: ({ name }) => (name.startsWith('*.') ? { domain: name.slice(2) } : undefined),
  text: ({ domain }) =>
    `found a wildcard CERT: every address under ${domain} is answered with it, so that LDAP is never asked`,
});
