import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Asks LDAP servers in the order in which the answer lists them. */
export const srvAnswerOrder: Behaviour = {
  id: 'disc.srv-answer-order',
  title: 'asks LDAP servers in the order in which the answer lists them',
  legal: false,
  apply: inDiscovery(() => ({ orderServers: (targets) => targets })),
};
