/**
 * The search for the certificates of an address: the levels in order, under the stop rules (wire-facts §3).
 *
 * @module
 */
import { createResolver, type Resolver } from '../dns/client.ts';
import type { Fetcher } from '../http/fetch.ts';
import type { Host } from '../net/host.ts';
import { askCert } from './dns-cert.ts';
import { askServer, closeDirectory, type Directory, openDirectory } from './ldap-cert.ts';
import { findServers } from './ldap-servers.ts';
import { type Notebook, snapshot } from './notebook.ts';
import type { DiscoveryParts, Names, Visit } from './parts.ts';
import { isDnsLevel, referenceDiscovery } from './reference.ts';
import type { Discovery, Level, Outcome } from './types.ts';

/** A search that can go on behind the place where it stopped. The reference never does. */
export interface Search {
  /** Searches up to the next stop. What it gives holds the candidates since the stop before, and all steps. */
  next(): Promise<Discovery>;
  /** Whether there is nowhere left to look. */
  readonly ended: boolean;
}

/**
 * Finds the certificates published for an address, or for a domain alone. Every step is written down; nothing is
 * judged.
 *
 * @param parts how; the reference unless a peer is to be imitated
 * @param resolver default: one over the name servers of `host`
 * @param fetcher for CERT records that hold only a URL; without it they count as nothing
 */
export const discover = (
  host: Host,
  address: string,
  parts: DiscoveryParts = referenceDiscovery,
  resolver?: Resolver,
  fetcher?: Pick<Fetcher, 'get'>,
): Promise<Discovery> => openSearch(host, address, parts, resolver, fetcher).next();

/** Begins a search; nothing is asked before `next`. */
export function openSearch(
  host: Host,
  address: string,
  parts: DiscoveryParts = referenceDiscovery,
  resolver: Resolver = createResolver(host, parts.resolver),
  fetcher?: Pick<Fetcher, 'get'>,
): Search {
  const names = namesOf(address);
  const normal = names?.address ?? address.toLowerCase();
  if (!names) {
    const why = `${JSON.stringify(address)} is not an address with a domain`;
    const nothing: Discovery = {
      address: normal,
      outcome: 'none',
      candidates: [],
      steps: [],
      why,
      names: [],
      servers: [],
      notes: [],
    };
    return { next: async () => nothing, ended: true };
  }
  const book: Notebook = {
    host,
    parts,
    resolver,
    ...(fetcher && { fetcher: parts.cert.fetcher(fetcher, host) }),
    names,
    steps: [],
    asked: [],
    servers: [],
    notes: [],
    candidates: [],
  };
  const walk = levels(book, names);
  let ended = false;
  return {
    get ended() {
      return ended;
    },
    async next() {
      book.candidates = [];
      delete book.unknown;
      ended = (await walk.next()).done === true;
      return snapshot(book, normal);
    },
  };
}

/** Where an address, or a domain alone, has its certificates: lower case, the local part without quotes. */
export function namesOf(address: string): Names | undefined {
  const at = address.lastIndexOf('@');
  const domain = address
    .slice(at + 1)
    .trim()
    .toLowerCase()
    .replace(/\.$/, '');
  if (!/^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/.test(domain) || at === 0) return undefined;
  if (at < 0) return { address: domain, domain };
  const local = address
    .slice(0, at)
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .replace(/\\(.)/g, '$1');
  return local === '' ? undefined : { address: `${local.toLowerCase()}@${domain}`, domain };
}

/** Yields wherever the search stops; goes on from there when asked again. */
async function* levels(book: Notebook, names: Names): AsyncGenerator<undefined, undefined> {
  let directory: Directory | undefined;
  let noDirectory: Outcome | undefined;
  const order =
    names.address === names.domain
      ? book.parts.order.filter((level) => level.startsWith('domain'))
      : book.parts.order;
  try {
    for (const level of order) {
      let visit: Visit;
      if (isDnsLevel(level)) visit = await askCert(book, level);
      else {
        if (!directory && noDirectory === undefined) {
          const servers = await findServers(book);
          if (servers && servers.length > 0) directory = openDirectory(book, servers);
          else noDirectory = servers ? 'absent' : 'unknown';
        }
        visit = directory
          ? yield* askDirectory(book, directory, level)
          : { level, outcome: noDirectory ?? 'absent', nxdomain: false, candidates: 0 };
      }
      if (!book.parts.proceed(visit)) {
        if (directory) await closeDirectory(directory);
        yield;
      }
    }
  } finally {
    if (directory) await closeDirectory(directory);
  }
}

/** One level at all servers in turn: found, else absent if any server could tell, else unknown. */
async function* askDirectory(
  book: Notebook,
  directory: Directory,
  level: Level,
): AsyncGenerator<undefined, Visit> {
  const { parts } = book;
  let outcomes: Outcome[] = [];
  let before = book.candidates.length;
  const visit = (): Visit => {
    const outcome = outcomes.includes('found') ? 'found' : outcomes.includes('absent') ? 'absent' : 'unknown';
    return { level, outcome, nxdomain: false, candidates: book.candidates.length - before };
  };
  for (const server of directory.servers) {
    const outcome = await askServer(book, directory, server, level);
    outcomes.push(outcome);
    if (parts.ldap.nextServer({ level, server: server.name, outcome })) continue;
    if (outcome !== 'found' || parts.proceed(visit())) break;
    await closeDirectory(directory);
    yield;
    outcomes = ['absent'];
    before = 0;
  }
  if (visit().outcome !== 'unknown') forgiveUnknown(book, level);
  return visit();
}

/** Servers that did not answer do not matter once another one did. */
function forgiveUnknown(book: Notebook, level: Level): void {
  if (book.unknown?.stage === level) delete book.unknown;
}
