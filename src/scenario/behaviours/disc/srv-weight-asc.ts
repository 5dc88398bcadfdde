import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Asks the lighter of two LDAP servers first. */
export const srvWeightAsc: Behaviour = {
  id: 'disc.srv-weight-asc',
  title: 'asks the lighter of two LDAP servers first',
  legal: false,
  apply: inDiscovery(() => ({
    orderServers: (targets) => targets.toSorted((a, b) => a.priority - b.priority || a.weight - b.weight),
  })),
};
