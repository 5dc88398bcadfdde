import { canonicalName } from '../../dns/names.ts';
import { type ZoneSubject, zoneRule } from './subject.ts';

type Domain = { readonly domain: string };

export const ldapHidden = zoneRule({
  id: 'zone/ldap-hidden',
  title: 'A domain with LDAP servers has no CERT of its own, which would hide them',
  level: 'should',
  cites: ['REQ-LDAP-01'],
  items: (subject) => ldapDomains(subject),
  where: ({ domain }: Domain) => domain,
  check: ({ domain }, { tree }) => (tree.node(domain)?.sets.has('CERT') ? { domain } : undefined),
  text: ({ domain }) =>
    `found CERT at ${domain}: LDAP is asked only when DNS has no certificate for address and domain`,
});

const ldapDomains = ({ servers }: ZoneSubject): Domain[] =>
  [...new Set(servers.filter(({ data }) => data.target !== '').map(({ name }) => canonicalName(name)))]
    .filter((name) => name.startsWith('_ldap._tcp.'))
    .map((name) => ({ domain: name.slice('_ldap._tcp.'.length) }));
