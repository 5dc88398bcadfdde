import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Asks the domain before the address. */
export const domainFirst: Behaviour = {
  id: 'disc.domain-first',
  title: 'asks the domain before the address',
  legal: false,
  apply: inDiscovery(() => ({ order: ['domain-dns', 'address-dns', 'address-ldap', 'domain-ldap'] })),
};
