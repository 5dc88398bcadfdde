/**
 * A resolver that remembers: what a name server said is good for its time to live, and no longer (hisp-behaviour §8,
 * RFC 1035 §7.4, RFC 2308). A failure is never kept.
 *
 * @module
 */
import type { Host } from '../net/host.ts';
import type { DnsAnswer, Resolver } from './client.ts';
import { canonicalName } from './names.ts';

export interface CachingResolver extends Resolver {
  /** Forgets everything. */
  flush(): void;
}

/** Longest that anything is kept, in seconds: an answer, and that there is none. */
const LONGEST_S = 3600;
const LONGEST_ABSENCE_S = 300;
/** All that is kept together, roughly. */
const MAX_OCTETS = 8 * 1024 * 1024;
/** What an answer and a record cost beside their octets. */
const OVERHEAD = 500;

interface Kept {
  readonly answer: DnsAnswer;
  /** Of `host.mono()`: setting the clock makes nothing older or younger. */
  readonly until: number;
  readonly octets: number;
}

/**
 * An answer that is remembered is given as it was, with the exchanges that brought it: they are its evidence. It is
 * forgotten when its time is over, and the oldest first when there is too much.
 */
export function cachingResolver(host: Pick<Host, 'mono'>, resolver: Resolver): CachingResolver {
  const kept = new Map<string, Kept>();
  let octets = 0;
  const forget = (key: string): void => {
    octets -= kept.get(key)?.octets ?? 0;
    kept.delete(key);
  };
  return {
    async query(name, type, options) {
      const key = `${type} ${canonicalName(name)}`;
      const known = kept.get(key);
      if (known && host.mono() < known.until) return { ...known.answer, name };
      if (known) forget(key);
      const answer = await resolver.query(name, type, options);
      const longest = answer.outcome === 'answer' ? LONGEST_S : LONGEST_ABSENCE_S;
      const seconds = Math.min(answer.ttl, longest);
      if (seconds <= 0) return answer;
      forget(key);
      const one = { answer, until: host.mono() + seconds * 1000, octets: octetsOf(answer) };
      kept.set(key, one);
      octets += one.octets;
      for (const oldest of kept.keys()) {
        if (octets <= MAX_OCTETS) break;
        forget(oldest);
      }
      return answer;
    },
    flush() {
      kept.clear();
      octets = 0;
    },
  };
}

const octetsOf = ({ records, exchanges }: DnsAnswer): number =>
  records.reduce(
    (sum, { data }) => sum + OVERHEAD + (data.type === 'CERT' ? data.payload.length : 0),
    OVERHEAD * (1 + exchanges.length),
  );
