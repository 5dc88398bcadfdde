import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Asks LDAP for the address only. */
export const noDomainLdap: Behaviour = {
  id: 'disc.no-domain-ldap',
  title: 'asks LDAP for the address only',
  legal: false,
  apply: inDiscovery((parts) => ({ order: parts.order.filter((level) => level !== 'domain-ldap') })),
};
