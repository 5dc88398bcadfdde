import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Asks the first LDAP server only. */
export const srvFirstOnly: Behaviour = {
  id: 'disc.srv-first-only',
  title: 'asks the first LDAP server only',
  legal: false,
  apply: inDiscovery((parts) => ({
    orderServers: (targets, random) => parts.orderServers(targets, random).slice(0, 1),
  })),
};
