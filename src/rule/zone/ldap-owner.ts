import { canonicalName, labelTexts } from '../../dns/names.ts';
import type { ResourceRecord } from '../../dns/records.ts';
import { zoneRule } from './subject.ts';

export const ldapOwner = zoneRule({
  id: 'zone/ldap-owner',
  title: 'LDAP servers are named at _ldap._tcp of the domain',
  level: 'must',
  cites: ['REQ-LDAP-02', 'REQ-DNS-18'],
  items: ({ servers }) => servers,
  where: ({ name }: ResourceRecord) => name,
  check: ({ name }) => {
    const [service, protocol] = labelTexts(canonicalName(name));
    return service === '_ldap' && protocol === '_tcp' ? undefined : { found: `${service}.${protocol}` };
  },
  text: ({ found }) => `found ${found}; discovery asks for _ldap._tcp only`,
});
