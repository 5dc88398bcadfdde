/**
 * A stub resolver: asks name servers, believes only what answers its own question, and never takes a failure for an
 * absence (REQ-DNS-11). Names are asked as they are, without search suffixes (REQ-DNS-20).
 *
 * @module
 */
import type { Host } from '../net/host.ts';
import { exchange } from './client-exchange.ts';
import { DnsError } from './error.ts';
import { summaryOf } from './evidence.ts';
import { CLASS_IN, type DnsMessage, makeQuery } from './message.ts';
import { canonicalName } from './names.ts';
import type { ResourceRecord } from './records.ts';
import {
  type Attempt,
  type DnsExchange,
  isReferral,
  type ResolverParts,
  referenceResolver,
  whyUnknown,
} from './resolver-parts.ts';

export {
  type Attempt,
  type DnsExchange,
  type Reading,
  type ResolverParts,
  referenceResolver,
  tcpAttempt,
  udpAttempt,
} from './resolver-parts.ts';

export type LookupType = 'CERT' | 'SRV' | 'A' | 'AAAA' | 'MX' | 'TXT' | 'NS' | 'SOA' | 'CNAME' | 'PTR';

export interface QueryOptions {
  /** For the whole look-up, whatever it takes. Default 10,000. */
  readonly deadlineMs?: number;
}

export interface DnsAnswer {
  readonly name: string;
  readonly type: LookupType;
  readonly outcome: 'answer' | 'nodata' | 'nxdomain' | 'unknown';
  /** For `unknown`: `SERVFAIL from 10.0.0.1:53`, `no answer in 5 s`. */
  readonly why?: string;
  /** Of the type asked, at the end of the chain of aliases. */
  readonly records: readonly ResourceRecord[];
  /** The names that the aliases led through, the name asked left out. */
  readonly chain: readonly string[];
  readonly exchanges: readonly DnsExchange[];
  /** Seconds that it is good for (RFC 2181 §8, RFC 2308 §5); 0 when it may not be kept. */
  readonly ttl: number;
}

export interface Resolver {
  /**
   * @param name Presentation format without trailing dot.
   * @throws {DnsError} `name`: no server can be asked for such a name. Nothing else: what fails is `unknown`.
   */
  query(name: string, type: LookupType, options?: QueryOptions): Promise<DnsAnswer>;
}

/** Aliases followed in one look-up. */
const MAX_CHAIN = 8;
const DEADLINE_MS = 10_000;

/** Asks `host.resolvers`, each exchange leaving one event of kind `dns`, dir `out`. */
export function createResolver(host: Host, parts: ResolverParts = referenceResolver): Resolver {
  return {
    query: (name, type, options = {}) => lookUp(host, parts, name, type, options.deadlineMs ?? DEADLINE_MS),
  };
}

async function lookUp(
  host: Host,
  parts: ResolverParts,
  name: string,
  type: LookupType,
  deadlineMs: number,
): Promise<DnsAnswer> {
  const end = host.now() + deadlineMs;
  const exchanges: DnsExchange[] = [];
  const chain: string[] = [];
  const visited = new Set([canonicalName(name)]);
  let current = name;
  let ttl = Number.POSITIVE_INFINITY;
  const result = (
    outcome: DnsAnswer['outcome'],
    records: readonly ResourceRecord[] = [],
    why?: string,
  ): DnsAnswer => ({
    name,
    type,
    outcome,
    ...(why !== undefined && { why }),
    records,
    chain,
    exchanges,
    ttl: outcome === 'unknown' ? 0 : ttl,
  });

  for (;;) {
    const told = await askOne(host, parts, current, type, end);
    exchanges.push(...told.history);
    if (told.reading === 'unknown') return result('unknown', [], told.why);
    if (told.message) ttl = Math.min(ttl, ttlOf(told.message));
    const before = chain.length;
    const loop = told.message ? followAliases(told.message, current, type, chain, visited) : undefined;
    if (loop !== undefined) return result('unknown', [], loop);
    if (told.reading !== 'answer') return result(told.reading);
    const last = chain.at(-1) ?? name;
    const records = told.message!.answers.filter(
      (record) => record.data.type === type && record.class === undefined && parts.owns(record, last),
    );
    if (records.length > 0) return result('answer', records);
    if (chain.length === before) return result('nodata');
    current = last;
  }
}

/** What was not found is good for as long as the zone says (RFC 2308 §5), and for no time when it says nothing. */
function ttlOf({ answers, authority }: DnsMessage): number {
  if (answers.length > 0) return Math.min(...answers.map(({ ttl }) => ttl));
  const soa = authority.find(({ data }) => data.type === 'SOA');
  return soa?.data.type === 'SOA' ? Math.min(soa.ttl, soa.data.minimum) : 0;
}

/** Goes along the CNAMEs in a message. Returns why it is hopeless, when it is. */
function followAliases(
  message: DnsMessage,
  from: string,
  type: LookupType,
  chain: string[],
  visited: Set<string>,
): string | undefined {
  let at = canonicalName(from);
  for (;;) {
    if (type === 'CNAME') return undefined;
    const alias = message.answers.find(
      (record) =>
        record.data.type === 'CNAME' && record.class === undefined && canonicalName(record.name) === at,
    );
    if (alias?.data.type !== 'CNAME') return undefined;
    const { target } = alias.data;
    at = canonicalName(target);
    chain.push(target);
    if (visited.has(at)) return `the alias ${from} leads in a circle: ${chain.join(' → ')}`;
    visited.add(at);
    if (chain.length > MAX_CHAIN) return `more than ${MAX_CHAIN} aliases in a row: ${chain.join(' → ')}`;
  }
}

interface Told {
  readonly reading: 'answer' | 'nodata' | 'nxdomain' | 'unknown';
  readonly message?: DnsMessage;
  readonly why?: string;
  readonly history: readonly DnsExchange[];
}

/** Asks for one name until an answer counts, nobody is left to ask, or time is up. */
async function askOne(
  host: Host,
  parts: ResolverParts,
  name: string,
  type: LookupType,
  end: number,
): Promise<Told> {
  const history: DnsExchange[] = [];
  const start = host.now();
  const giveUp = (): Told => ({ reading: 'unknown', why: whyUnknown(history, host.now() - start), history });
  for (;;) {
    const attempt = parts.next(history, host.resolvers);
    const left = end - host.now();
    if (!attempt || left <= 0) return giveUp();
    const { done, message } = await tryOnce(
      host,
      { ...attempt, timeoutMs: Math.min(attempt.timeoutMs, left) },
      name,
      type,
      parts.believes,
    );
    history.push(done);
    if (!message) continue;
    const reading = parts.read(message, done);
    if (reading === 'retry') continue;
    return reading === 'unknown' ? giveUp() : { reading, message, history };
  }
}

async function tryOnce(
  host: Host,
  attempt: Attempt,
  name: string,
  type: LookupType,
  believes: ResolverParts['believes'],
): Promise<{ readonly done: DnsExchange; readonly message?: DnsMessage }> {
  const { server, transport, edns } = attempt;
  const started = host.now();
  const received = await exchange(host, attempt, name, type, believes);
  const ms = host.now() - started;
  const message = 'message' in received ? received.message : undefined;
  const error = 'error' in received ? received.error : isReferral(received.message) ? 'referral' : undefined;
  const asked = makeQuery(received.id, { name, type, class: CLASS_IN });
  const event = host.events.emit({
    kind: 'dns',
    dir: 'out',
    peer: server,
    summary: summaryOf(transport, asked, message, {
      edns,
      ms,
      ...(error !== undefined && { error }),
      ...(received.ignored.length > 0 && { ignored: received.ignored }),
    }),
  });
  const done: DnsExchange = {
    server,
    transport,
    edns,
    ...(message && { rcode: message.rcode, tc: message.truncated }),
    answers: message?.answers.length ?? 0,
    ms,
    ...(error !== undefined && { error }),
    event,
  };
  return message ? { done, message } : { done };
}

/** Asks; a name that cannot be asked for does not exist. @throws whatever is no `DnsError` */
export async function queryAnyName(
  resolver: Resolver,
  name: string,
  type: LookupType,
  options?: QueryOptions,
): Promise<DnsAnswer> {
  try {
    return await resolver.query(name, type, options);
  } catch (error) {
    if (!(error instanceof DnsError)) throw error;
    return {
      name,
      type,
      outcome: 'nxdomain',
      why: error.message,
      records: [],
      chain: [],
      exchanges: [],
      ttl: 0,
    };
  }
}
