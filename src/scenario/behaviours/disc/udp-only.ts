import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Never asks over TCP. */
export const udpOnly: Behaviour = {
  id: 'disc.udp-only',
  title: 'never asks over TCP',
  legal: false,
  apply: inDiscovery((parts) => ({
    resolver: {
      ...parts.resolver,
      next: (history, servers) => {
        const attempt = parts.resolver.next(history, servers);
        return attempt?.transport === 'tcp' ? undefined : attempt;
      },
    },
  })),
};
