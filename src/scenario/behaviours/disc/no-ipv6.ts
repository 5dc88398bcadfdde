import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Knows no servers with IPv6 alone. */
export const noIpv6: Behaviour = {
  id: 'disc.no-ipv6',
  title: 'looks for IPv4 addresses of LDAP servers only',
  legal: false,
  apply: inDiscovery(() => ({ families: ['A'] })),
};
