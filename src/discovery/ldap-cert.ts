/**
 * Certificates in the directories of a domain (wire-facts §5): every server in order, every naming context, every
 * entry, every value.
 *
 * @module
 */
import { connectLdap, type LdapSession } from '../ldap/client.ts';
import { LdapError } from '../ldap/error.ts';
import { resultName } from '../ldap/result.ts';
import { NetError } from '../net/host.ts';
import { addressesOf, type LdapServer } from './ldap-servers.ts';
import { countText, keep, type Notebook, startStep } from './notebook.ts';
import type { Reading } from './parts.ts';
import type { Level, Outcome } from './types.ts';

/** The servers of one search. A server is dialled once: both levels use the same connection. */
export interface Directory {
  readonly servers: readonly LdapServer[];
  /** An open session with its contexts, or why there is none. */
  readonly sessions: Map<string, { session: LdapSession; contexts: readonly string[] } | string>;
  /** On the host's steady clock: when all servers together have had their time. */
  readonly until: number;
}

export function openDirectory(book: Notebook, servers: readonly LdapServer[]): Directory {
  return { servers, sessions: new Map(), until: book.host.mono() + book.parts.limits.ldapMs };
}

export async function closeDirectory(directory: Directory): Promise<void> {
  const open = [...directory.sessions.values()].filter((session) => typeof session !== 'string');
  directory.sessions.clear();
  await Promise.all(open.map(({ session }) => session.close()));
}

/** Asks one server for the certificates of a level. */
export async function askServer(
  book: Notebook,
  directory: Directory,
  server: LdapServer,
  level: Level,
): Promise<Outcome> {
  const { ldap } = book.parts;
  const filter = ldap.filter(level, book.names, ldap.escape);
  const end = startStep(book, { level, question: filter, server: server.name });
  try {
    const open = directory.sessions.get(server.name) ?? (await connect(book, directory, server));
    directory.sessions.set(server.name, open);
    if (typeof open === 'string') return end({ outcome: 'unknown', detail: open });
    return end(await searchContexts(book, directory, server, level, filter, open));
  } catch (error) {
    if (!(error instanceof LdapError || error instanceof NetError)) throw error;
    const open = directory.sessions.get(server.name);
    if (open !== undefined && typeof open !== 'string') await open.session.close();
    directory.sessions.set(server.name, error.message);
    return end({ outcome: 'unknown', detail: error.message });
  }
}

async function searchContexts(
  book: Notebook,
  directory: Directory,
  server: LdapServer,
  level: Level,
  filter: string,
  open: { session: LdapSession; contexts: readonly string[] },
): Promise<{ outcome: Outcome; detail: string; event: number }> {
  const { ldap, limits } = book.parts;
  const readings: { reading: Reading; where: string }[] = [];
  const problems: string[] = [];
  let answered = 0;
  let last = 0;
  for (const base of ldap.contexts(open.contexts)) {
    if (timeLeft(book, directory) <= 0) {
      problems.push(OUT_OF_TIME);
      break;
    }
    const { entries, references, result, diagnostic, event } = await open.session.search({
      base,
      scope: 'sub',
      filter,
      attributes: [...ldap.attributes],
      sizeLimit: limits.entries,
      timeLimitS: Math.ceil(limits.serverMs / 1000),
    });
    last = event;
    if (ldap.answered(result, references)) answered++;
    else problems.push(`${diagnostic || 'refused'} (${resultName(result)}) in ${base || 'the root'}`);
    for (const entry of ldap.entries(entries, level, book.names)) {
      const where = `${entry.dn} at ${server.name}`;
      readings.push(...ldap.values(entry).map((value) => ({ reading: ldap.read(value), where })));
    }
  }
  const gathered = ldap.gather(readings.map(({ reading }) => reading));
  const found = keep(book, { level, where: readings[0]?.where ?? server.name, event: last }, gathered);
  if (found !== 'absent') return { outcome: found, detail: countText(gathered), event: last };
  if (answered > 0 || problems.length === 0) {
    return { outcome: 'absent', detail: [emptyText(open.contexts), ...problems].join('; '), event: last };
  }
  return { outcome: 'unknown', detail: problems.join('; '), event: last };
}

const emptyText = (contexts: readonly string[]): string =>
  contexts.length > 0 ? 'no certificate' : 'the server publishes no naming contexts';

const OUT_OF_TIME = 'the time for all LDAP servers is used up';
const timeLeft = (book: Notebook, directory: Directory): number => directory.until - book.host.mono();

/** Dials the addresses in turn, binds, reads the naming contexts; or says why that could not be. */
async function connect(
  book: Notebook,
  directory: Directory,
  server: LdapServer,
): Promise<{ session: LdapSession; contexts: readonly string[] } | string> {
  if (!book.servers.includes(server.name)) book.servers.push(server.name);
  if (timeLeft(book, directory) <= 0) return OUT_OF_TIME;
  const addresses = await addressesOf(book, server);
  if (typeof addresses === 'string') return addresses;
  let why = '';
  for (const addr of addresses) {
    const deadlineMs = Math.min(book.parts.limits.serverMs, timeLeft(book, directory));
    if (deadlineMs <= 0) return OUT_OF_TIME;
    try {
      const session = await connectLdap(book.host, addr, { deadlineMs });
      return await greet(book, session);
    } catch (error) {
      if (!(error instanceof LdapError || error instanceof NetError)) throw error;
      why = error.message;
    }
  }
  return why;
}

async function greet(
  book: Notebook,
  session: LdapSession,
): Promise<{ session: LdapSession; contexts: readonly string[] }> {
  try {
    try {
      await session.bindAnonymous();
    } catch (error) {
      // Anonymous is what the association is anyway (RFC 4511 §4.2), so some refusals do not matter.
      const result = error instanceof LdapError ? error.resultCode : undefined;
      if (result === undefined || !book.parts.ldap.searchUnbound(result)) throw error;
    }
    return { session, contexts: await session.namingContexts() };
  } catch (error) {
    await session.close();
    throw error;
  }
}
