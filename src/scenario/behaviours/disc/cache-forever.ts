import type { DnsAnswer } from '../../../dns/client.ts';
import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Keeps what DNS once said for ever. */
export const cacheForever: Behaviour = {
  id: 'disc.cache-forever',
  title: 'keeps what DNS once said, whatever its time to live is',
  legal: false,
  apply: inDiscovery(({ hear }) => {
    const kept = new Map<string, DnsAnswer>();
    return {
      hear: (answer) => {
        const key = `${answer.type} ${answer.name}`;
        const known = kept.get(key);
        if (known) return hear(known);
        if (answer.outcome === 'answer') kept.set(key, answer);
        return hear(answer);
      },
    };
  }),
};
