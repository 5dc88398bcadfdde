import { udpAttempt } from '../../../dns/client.ts';
import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Asks over UDP for answers of 4096 octets, and in no other way. */
export const edns4096Only: Behaviour = {
  id: 'disc.edns-4096-only',
  title: 'asks for UDP answers of 4096 octets, and in no other way',
  legal: false,
  apply: inDiscovery(({ resolver }) => ({
    resolver: {
      ...resolver,
      next: (history, servers) => {
        const attempt = resolver.next(history, servers);
        return attempt?.transport === 'udp' ? udpAttempt(attempt.server, 4096) : undefined;
      },
    },
  })),
};
