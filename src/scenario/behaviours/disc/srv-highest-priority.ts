import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Asks LDAP servers from the highest priority number down. */
export const srvHighestPriority: Behaviour = {
  id: 'disc.srv-highest-priority',
  title: 'asks LDAP servers from the highest priority number down',
  legal: false,
  apply: inDiscovery(() => ({
    orderServers: (targets) => targets.toSorted((a, b) => b.priority - a.priority),
  })),
};
