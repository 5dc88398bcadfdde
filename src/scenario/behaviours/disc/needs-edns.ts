import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Asks with EDNS or not at all. */
export const needsEdns: Behaviour = {
  id: 'disc.needs-edns',
  title: 'asks with EDNS only, and gives up where a server knows nothing of it',
  legal: false,
  apply: inDiscovery(({ resolver }) => ({
    resolver: {
      ...resolver,
      next: (history, servers) => {
        const attempt = resolver.next(history, servers);
        return attempt?.edns === null ? undefined : attempt;
      },
    },
  })),
};
