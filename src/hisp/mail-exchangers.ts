/**
 * Where mail for a domain goes (RFC 5321 §5.1): MX by ascending preference, without MX the domain's own addresses.
 *
 * @module
 */
import type { Resolver } from '../dns/client.ts';
import { DnsError } from '../dns/error.ts';
import type { Random } from '../net/host.ts';

export interface Exchanger {
  /** Name of the host. */
  readonly name: string;
  /** Its addresses; empty when they could not be had. */
  readonly addresses: readonly string[];
}

export type Routing =
  | { readonly outcome: 'found'; readonly exchangers: readonly Exchanger[] }
  /** A definite no: the domain takes no mail. */
  | { readonly outcome: 'none' }
  | { readonly outcome: 'unknown'; readonly why: string };

/** Servers of one domain that are looked up: it may publish any number of them. */
const MOST_EXCHANGERS = 10;

/** Servers of equal preference come in random order. Each look-up is bounded by `deadlineMs`. */
export async function mailExchangers(
  resolver: Resolver,
  random: Random,
  domain: string,
  deadlineMs: number,
): Promise<Routing> {
  const ask = async (name: string, type: 'MX' | 'A' | 'AAAA') => {
    try {
      return await resolver.query(name, type, { deadlineMs });
    } catch (error) {
      // a name that cannot be asked for does not exist
      if (error instanceof DnsError) return { outcome: 'nxdomain' as const, records: [] };
      throw error;
    }
  };
  const addressesOf = async (name: string): Promise<{ addresses: string[]; unknown?: string }> => {
    const answers = await Promise.all([ask(name, 'A'), ask(name, 'AAAA')]);
    const addresses = answers
      .flatMap(({ records }) => records)
      .flatMap(({ data }) => (data.type === 'A' || data.type === 'AAAA' ? [data.address] : []));
    const failed = answers.find(({ outcome }) => outcome === 'unknown');
    const why = failed && 'why' in failed ? failed.why : undefined;
    return { addresses, ...(failed ? { unknown: `${name}: ${why ?? 'no answer'}` } : {}) };
  };

  const mx = await ask(domain, 'MX');
  if (mx.outcome === 'unknown') {
    return { outcome: 'unknown', why: `MX of ${domain}: ${('why' in mx && mx.why) || 'no answer'}` };
  }
  if (mx.outcome === 'nxdomain') return { outcome: 'none' };
  const published = random
    .shuffle(mx.records.flatMap(({ data }) => (data.type === 'MX' ? [data] : [])))
    .sort((a, b) => a.preference - b.preference);
  // RFC 7505: a single root says that no mail is taken
  const names = published.map(({ exchange }) => exchange).filter((name) => name !== '' && name !== '.');
  if (published.length > 0 && names.length === 0) return { outcome: 'none' };
  const hosts = published.length > 0 ? names : [domain];
  const exchangers: Exchanger[] = [];
  let unknown: string | undefined;
  for (const name of hosts.slice(0, MOST_EXCHANGERS)) {
    const found = await addressesOf(name);
    unknown ??= found.unknown;
    if (found.addresses.length > 0) exchangers.push({ name, addresses: found.addresses });
  }
  if (exchangers.length > 0) return { outcome: 'found', exchangers };
  return unknown === undefined ? { outcome: 'none' } : { outcome: 'unknown', why: unknown };
}
