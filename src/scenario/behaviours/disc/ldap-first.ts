import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Asks LDAP before DNS. */
export const ldapFirst: Behaviour = {
  id: 'disc.ldap-first',
  title: 'asks LDAP before DNS',
  legal: false,
  apply: inDiscovery(() => ({ order: ['address-ldap', 'domain-ldap', 'address-dns', 'domain-dns'] })),
};
