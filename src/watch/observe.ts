/**
 * One look at a domain: the search for its certificates, what every pair of eyes makes of them, its name servers, its
 * revocation lists, its mail servers and their port 25. Judges nothing; sends no mail.
 *
 * @module
 */

import { decideOutbound } from '../agent/recipient.ts';
import { referenceAgent } from '../agent/reference.ts';
import { type AgentContext, defaultPolicy } from '../agent/types.ts';
import { openSearch } from '../discovery/resolve.ts';
import type { Discovery } from '../discovery/types.ts';
import { createResolver, type Resolver } from '../dns/client.ts';
import { createFetcher, type FetchLimits } from '../http/fetch.ts';
import type { Host } from '../net/host.ts';
import { publicOnly } from '../net/public-only.ts';
import { sentence } from '../outcome/cause.ts';
import type { Certificate } from '../pki/certificate.ts';
import { parseCrl } from '../pki/crl.ts';
import { PkiError } from '../pki/error.ts';
import { formatName } from '../pki/name.ts';
import { createRevocationCache, type RevState } from '../pki/revocation.ts';
import type { InspectedDns } from '../scenario/inspected.ts';
import { inspectDns } from '../scenario/steps/inspecting/dns.ts';
import { inspectMail } from '../scenario/steps/inspecting/mail.ts';
import type { AnchorSource } from '../trust/anchors.ts';
import type { TrustDecision } from '../trust/decision.ts';
import type { ListFact, NameServerFact, Observation, TrustFact } from './observation.ts';
import { shortHash } from './observation.ts';

/** A domain to watch. */
export interface Watched {
  /** Lower case. */
  readonly domain: string;
  readonly kind: 'own' | 'partner';
  /** What is searched for: an address of the domain, or the domain. */
  readonly address: string;
  /** Addresses whose domains' anchors judge; none: nobody judges. */
  readonly eyes: readonly string[];
}

export interface ObserveOptions {
  /** Addresses that are called though they are not public. */
  readonly allowed: (address: string) => boolean;
  readonly anchors: AnchorSource;
  /** As whom mail servers are greeted: a domain of ours. */
  readonly helo: string;
  /** For https. */
  readonly judgeServer?: FetchLimits['judgeServer'];
}

/** Revocation lists of one domain that are fetched. */
const MOST_LISTS = 10;

/** Everything is asked afresh: what an earlier look kept would hide what changed. */
export async function observe(
  host: Host,
  { domain, address, eyes }: Watched,
  options: ObserveOptions,
): Promise<Observation> {
  const began = host.mono();
  const at = host.now();
  const guarded = publicOnly(host, options.allowed);
  const context = contextFor(guarded, options);
  const { resolver } = context;
  const found = await openSearch(guarded, address, referenceAgent.discovery, resolver).next();
  const decisions: TrustDecision[] = [];
  for (const from of eyes)
    decisions.push(await decideOutbound(from, address, found, context, referenceAgent));
  const looker = { address: `postmaster@${options.helo}`, context: { resolver } };
  const hosting = await inspectDns(
    address,
    { host: guarded, random: host.random, looker },
    ({ about, transport }) => about === 'soa' || (about === 'cert' && transport === 'tcp'),
  );
  const mail = await inspectMail(domain, { host: guarded, random: host.random, looker });
  const lists = await listsOf(found, decisions, context);
  return {
    domain,
    at,
    ms: Math.round(host.mono() - began),
    discovery: discoveryOf(found),
    directories: directoriesOf(found),
    trust: decisions.map((decision) => trustOf(decision, options.anchors)),
    lists,
    ...(hosting.zone === undefined ? {} : { zone: hosting.zone }),
    servers: serversOf(hosting),
    mail: {
      state: mail.outcome,
      ...(mail.why === undefined ? {} : { why: mail.why }),
      byMx: mail.byMx,
      hosts: mail.hosts
        .map(({ host: name, address: ip, greeting, error }) => {
          const open = error === undefined && greeting?.startsWith('2') === true;
          // which server it was is told beside it
          const said = (error ?? greeting ?? 'no answer').replace(/^\S+:25: /, '');
          return { host: name, address: ip, open, ...(open ? {} : { said }) };
        })
        .toSorted((a, b) => inOrder(a.host, b.host) || inOrder(a.address, b.address)),
    },
  };
}

function contextFor(host: Host, options: ObserveOptions): AgentContext & { readonly resolver: Resolver } {
  const resolver = createResolver(host);
  const resolve = async (name: string): Promise<string[]> => {
    const answers = await Promise.all([resolver.query(name, 'A'), resolver.query(name, 'AAAA')]);
    return answers.flatMap(({ records }) =>
      records.flatMap(({ data }) => (data.type === 'A' || data.type === 'AAAA' ? data.address : [])),
    );
  };
  return {
    host,
    resolver,
    fetcher: createFetcher(host, {
      resolve,
      allowPrivate: options.allowed,
      ...(options.judgeServer ? { judgeServer: options.judgeServer } : {}),
    }),
    keys: () => [],
    anchors: options.anchors,
    policy: () => defaultPolicy,
    cache: { revocation: createRevocationCache(), issuers: new Map() },
  };
}

function discoveryOf({ outcome, level, why, candidates }: Discovery): Observation['discovery'] {
  return {
    state: outcome === 'temporary' ? 'unknown' : outcome,
    ...(level === undefined ? {} : { level }),
    ...(why === undefined ? {} : { why }),
    certificates: candidates
      .map(({ sha256, where, certificate }) => ({
        sha256,
        where,
        ...(certificate ? factsOf(certificate) : {}),
      }))
      .toSorted((a, b) => inOrder(a.sha256, b.sha256)),
  };
}

const factsOf = ({ subject, notBefore, notAfter }: Certificate) => ({
  subject: formatName(subject),
  notBefore,
  notAfter,
});

/** One line a server, in order: a server that answered once, answers. */
function directoriesOf({ steps }: Discovery): Observation['directories'] {
  const asked = steps.filter(({ level, server }) => level.endsWith('ldap') && server !== undefined);
  return [...Map.groupBy(asked, ({ server }) => server!)]
    .map(([server, own]) => {
      const answers = own.some(({ outcome }) => outcome !== 'unknown');
      return answers ? { server } : { server, error: own[0]!.detail };
    })
    .toSorted((a, b) => inOrder(a.server, b.server));
}

function trustOf(decision: TrustDecision, anchors: AnchorSource): TrustFact {
  const { from, verdict, firstCause, candidates } = decision;
  const good = candidates
    .filter(({ state }) => state === 'usable')
    .flatMap(({ paths }) => paths.filter(({ state }) => state === 'pass'));
  const ends = good.flatMap(({ anchor }) =>
    anchor?.sha256 === undefined ? [] : [{ ...anchor, sha256: anchor.sha256 }],
  );
  const held = anchors(from.slice(from.lastIndexOf('@') + 1).toLowerCase(), 'outgoing');
  return {
    eyes: from,
    verdict,
    ...(firstCause ? { why: sentence(firstCause) } : {}),
    anchors: [...Map.groupBy(ends, ({ sha256 }) => sha256).values()].map(([one]) => one!),
    held: [
      ...new Set(held.flatMap(({ certificate }) => (certificate ? [shortHash(certificate.sha256)] : []))),
    ].sort(),
  };
}

/** What the decisions learned, and for the lists that no decision came to, what the list says of itself. */
async function listsOf(
  { candidates }: Discovery,
  decisions: readonly TrustDecision[],
  context: AgentContext,
): Promise<ListFact[]> {
  const states = decisions
    .flatMap((decision) => decision.candidates)
    .flatMap(({ paths }) => paths.flatMap(({ revocation = [] }) => revocation))
    .flatMap(listFact);
  const facts = new Map(states.map((fact) => [fact.url, fact]));
  const named = candidates
    .flatMap(({ certificate }) => certificate?.distributionPoints ?? [])
    .flatMap(({ fullName }) => fullName.flatMap((name) => (name.type === 'uri' ? name.value : [])))
    .filter((url) => /^https?:/i.test(url));
  for (const url of new Set(named)) {
    if (facts.size >= MOST_LISTS) break;
    if (!facts.has(url)) facts.set(url, await fetchList(url, context));
  }
  return [...facts.values()].slice(0, MOST_LISTS).toSorted((a, b) => inOrder(a.url, b.url));
}

/** Of responders nothing is said: they have no date that somebody could forget. */
function listFact(state: RevState): ListFact[] {
  if (state.state !== 'unknown') {
    if (state.by === 'ocsp') return [];
    const nextUpdate = state.state === 'good' ? state.nextUpdate : undefined;
    return [{ url: state.source, state: 'fresh', ...(nextUpdate === undefined ? {} : { nextUpdate }) }];
  }
  const { url, code, why, last } = state;
  if (url === '') return [];
  const short = code === 'stale' ? 'stale' : code === 'unreachable' ? 'unreachable' : 'other';
  return [{ url, state: short, why, ...(last ? { nextUpdate: last.nextUpdate } : {}) }];
}

async function fetchList(url: string, { fetcher, host }: AgentContext): Promise<ListFact> {
  const answer = await fetcher.get(url);
  if (!answer.ok) return { url, state: 'unreachable', why: answer.why };
  try {
    const { nextUpdate } = parseCrl(answer.body);
    if (nextUpdate === undefined) return { url, state: 'other', why: 'it does not say when the next is due' };
    const stale = host.now() >= nextUpdate;
    const why = `the list ran out on ${new Date(nextUpdate).toISOString()}`;
    return { url, state: stale ? 'stale' : 'fresh', nextUpdate, ...(stale ? { why } : {}) };
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return { url, state: 'other', why: error.message };
  }
}

/** Servers and records come in any order; what is kept is compared, so it has one. */
const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What each address told: no answer to either question is silence. */
function serversOf({ exchanges }: Pick<InspectedDns, 'exchanges'>): NameServerFact[] {
  const answered = (rcode: string): boolean => rcode === 'NOERROR' || rcode === 'NXDOMAIN';
  const byServer = [...Map.groupBy(exchanges, ({ server }) => server)];
  return byServer
    .toSorted(([a], [b]) => inOrder(a, b))
    .map(([server, own]) => {
      const soa = own.find(({ about, error }) => about === 'soa' && error === undefined);
      const cert = own.find(({ about, error }) => about === 'cert' && error === undefined);
      const bad = own.find(({ error, rcode }) => error !== undefined || !answered(rcode));
      if (!soa && !cert) return { server, error: bad?.error ?? 'no answer' };
      if (bad?.error === undefined && bad) return { server, error: bad.rcode };
      return {
        server,
        ...(soa?.serial === undefined ? {} : { serial: soa.serial }),
        ...(cert ? { records: cert.digest } : {}),
      };
    });
}
