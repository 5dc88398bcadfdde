/**
 * How often a reader may ask: a bucket for each HISP, and one for each network that asks without a key. Kept in the
 * memory of the process that answers.
 *
 * @module
 */
import type { Host } from '../net/host.ts';
import type { Reader } from './access.ts';

export interface Rate {
  /** Requests at once. */
  readonly burst: number;
  /** Requests a minute in the long run. */
  readonly perMinute: number;
}

export interface QuotaOptions {
  /** Default 300 at once, 1,200 a minute. */
  readonly participant?: Rate;
  /** Default 60 at once, 30 a minute. */
  readonly public?: Rate;
}

export type Admission = { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number };

export interface Quota {
  /** Takes `cost` requests from the reader's bucket, or says when there will be enough. */
  take(reader: Reader, cost?: number): Admission;
}

/** Buckets that are remembered; the one that was idle longest is forgotten first. */
const BUCKETS = 10_000;

export function createQuota(host: Pick<Host, 'mono'>, options: QuotaOptions = {}): Quota {
  const rates = {
    participant: options.participant ?? { burst: 300, perMinute: 1200 },
    public: options.public ?? { burst: 60, perMinute: 30 },
  };
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    take(reader, cost = 1) {
      if (reader.kind === 'operator') return { ok: true };
      const { burst, perMinute } = rates[reader.kind];
      const name = `${reader.kind} ${reader.kind === 'public' ? networkOf(reader.peer) : reader.id}`;
      const now = host.mono();
      const before = buckets.get(name) ?? { left: burst, at: now };
      const left = Math.min(burst, before.left + ((now - before.at) * perMinute) / 60_000);
      // what costs more than a whole bucket waits for a full one
      const price = Math.min(cost, burst);
      buckets.delete(name);
      const oldest = buckets.size >= BUCKETS ? buckets.keys().next().value : undefined;
      if (oldest !== undefined) buckets.delete(oldest);
      const ok = left >= price;
      buckets.set(name, { left: ok ? left - price : left, at: now });
      return ok ? { ok } : { ok, retryAfterMs: Math.ceil(((price - left) * 60_000) / perMinute) };
    },
  };
}

/** One customer of a provider has a whole /64 of IPv6, so addresses of it count together. */
export function networkOf(peer: string): string {
  const bare = peer.replace(/^::ffff:(?=\d+\.)/i, '').toLowerCase();
  if (!bare.includes(':')) return bare;
  const [head = '', tail] = bare.replace(/%.*$/, '').split('::', 2);
  const groups = head.split(':').filter((group) => group !== '');
  const after = (tail ?? '').split(':').filter((group) => group !== '');
  while (tail !== undefined && groups.length + after.length < 8) groups.push('0');
  return `${[...groups, ...after].slice(0, 4).join(':')}::/64`;
}
