import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Never asks LDAP. */
export const noLdap: Behaviour = {
  id: 'disc.no-ldap',
  title: 'never asks LDAP',
  legal: false,
  apply: inDiscovery((parts) => ({ order: parts.order.filter((level) => level.endsWith('dns')) })),
};
