/**
 * The LDAP client of discovery: connects, binds anonymously, reads the naming contexts, searches. ldapts speaks the
 * protocol; limits on octets, entries and time stand around it, and referrals are told, never followed.
 *
 * @module
 */
import { Client, type Entry, ResultCodeError } from 'ldapts';
import { type Addr, formatAddr, type Host, NetError, type Socket } from '../net/host.ts';
import { secureClient } from '../net/tls.ts';
import type { LdapEntry } from './entries.ts';
import { LdapError, type LdapErrorCode } from './error.ts';
import { countCertificates, type LdapSummary, rounded } from './evidence.ts';
import { forLdapts, parseFilter } from './filter-text.ts';
import { RESULT, resultName, START_TLS } from './result.ts';
import { type DoneResult, LdapTransport, type TransportLimits } from './transport.ts';

export interface ConnectOptions {
  /** Milliseconds for the connection, and again for each operation until its last octet. Default 5,000. */
  readonly deadlineMs?: number;
  readonly limits?: Partial<TransportLimits>;
  /** Number of the event that led here. */
  readonly cause?: number;
}

export interface SearchOptions {
  readonly base: string;
  readonly scope: 'base' | 'one' | 'sub';
  /** RFC 4515; values through `escapeFilter`. */
  readonly filter: string;
  readonly attributes: readonly string[];
  readonly sizeLimit?: number;
  readonly timeLimitS?: number;
}

export interface SearchResult {
  /** Names of attributes as the server spells them; values of `;binary` and what is not UTF-8 as octets. */
  readonly entries: LdapEntry[];
  /** URIs of search references and of a referral, not followed (REQ-LDAP-15). */
  readonly references: string[];
  /** Result code; entries that came before another code than success are kept. */
  readonly result: number;
  readonly diagnostic: string;
  /** Number of the event in the evidence. */
  readonly event: number;
}

/** Every method throws LdapError; after `timeout`, `closed`, `limit`, `encoding` the session is over. */
export interface LdapSession {
  readonly server: Addr;
  bindAnonymous(): Promise<void>;
  /** From the root DSE (REQ-LDAP-06); none when the server does not tell. */
  namingContexts(): Promise<string[]>;
  search(options: SearchOptions): Promise<SearchResult>;
  /** StartTLS. Certificates are public and prove themselves, so any server certificate is taken by default. */
  startTls(options: { readonly servername: string; readonly rejectUnauthorized?: boolean }): Promise<void>;
  /** Unbinds and closes; never throws. */
  close(): Promise<void>;
}

const DEFAULT_DEADLINE_MS = 5000;

const SUCCESS: DoneResult = { code: RESULT.success, diagnostic: '', referrals: [] };

export const CLIENT_LIMITS: TransportLimits = {
  messageOctets: 1024 * 1024,
  answerOctets: 4 * 1024 * 1024,
  entries: 1000,
};

/** @throws {LdapError} refused, unreachable, timeout, closed */
export async function connectLdap(
  host: Host,
  addr: Addr,
  options: ConnectOptions = {},
): Promise<LdapSession> {
  const deadlineMs = options.deadlineMs ?? DEFAULT_DEADLINE_MS;
  const server = formatAddr(addr);
  const record = (summary: LdapSummary): number =>
    host.events.emit({
      kind: 'ldap',
      dir: 'out',
      peer: addr,
      ...(options.cause === undefined ? {} : { cause: options.cause }),
      summary: { ...summary, server },
    });
  const began = host.mono();
  const elapsed = (since: number): number => rounded(host.mono() - since);
  let socket: Socket;
  try {
    socket = await host.dial(addr, { deadlineMs });
  } catch (error) {
    const known = typed(error);
    record({ op: 'connect', result: `error: ${known.code}`, ms: elapsed(began), why: known.message });
    throw known;
  }
  record({ op: 'connect', result: resultName(RESULT.success), ms: elapsed(began) });
  const transport = new LdapTransport(socket, { ...CLIENT_LIMITS, ...options.limits });
  const client = new Client({
    url: 'ldap://server',
    // No timers of its own: the deadlines here run on the host's clock.
    timeout: 0,
    connectTimeout: 0,
    createConnection: (() => {
      if (transport.destroyed) throw transport.fault ?? new LdapError('closed', 'the session is closed');
      return transport;
    }) as unknown as typeof import('node:net').connect,
  });

  /** One operation within its deadline; ends with a value or with LdapError and leaves one event. */
  const operate = async <T>(
    about: Omit<LdapSummary, 'result'>,
    work: () => Promise<T>,
    told: (value: T) => Partial<LdapSummary> & { readonly result: string },
  ): Promise<{ value: T; event: number }> => {
    const since = host.mono();
    const cancel = host.timer(deadlineMs, () =>
      transport.fail(new LdapError('timeout', `${server}: no complete answer in ${deadlineMs} ms`)),
    );
    transport.begin();
    try {
      const value = await work();
      const event = record({ ...about, ...told(value), ms: elapsed(since) } as LdapSummary);
      return { value, event };
    } catch (error) {
      const known = transport.fault ?? typed(error);
      const result = known.resultCode === undefined ? `error: ${known.code}` : resultName(known.resultCode);
      record({ ...about, result, ms: elapsed(since), why: known.message } as LdapSummary);
      throw known;
    } finally {
      cancel();
    }
  };

  const succeeded = (): { readonly result: string } => ({ result: resultName(RESULT.success) });

  const session: LdapSession = {
    server: addr,
    async bindAnonymous() {
      await operate({ op: 'bind' }, () => client.bind('', ''), succeeded);
    },
    async namingContexts() {
      const { entries } = await session.search({
        base: '',
        scope: 'base',
        filter: '(objectClass=*)',
        attributes: ['namingContexts'],
      });
      return entries
        .flatMap((entry) => Object.entries(entry.attributes))
        .filter(([name]) => name.toLowerCase() === 'namingcontexts')
        .flatMap(([, values]) => values.map((value) => (typeof value === 'string' ? value : text(value))));
    },
    async search(search) {
      const { base, scope, filter, attributes } = search;
      const parsed = forLdapts(parseFilter(filter));
      const work = async (): Promise<Omit<SearchResult, 'event'>> => {
        const found = await client.search(base, {
          scope,
          filter: parsed,
          attributes: [...attributes],
          derefAliases: 'never',
          sizeLimit: search.sizeLimit ?? 50,
          timeLimit: search.timeLimitS ?? 5,
        });
        const { code, diagnostic, referrals } = transport.done ?? SUCCESS;
        return {
          entries: found.searchEntries.map(toEntry),
          references: [...found.searchReferences, ...referrals],
          result: code,
          diagnostic,
        };
      };
      const { value, event } = await operate(
        { op: 'search', base, scope, filter, attributes },
        work,
        (result) => ({
          result: resultName(result.result),
          entries: result.entries.length,
          certificates: countCertificates(result.entries),
        }),
      );
      return { ...value, event };
    },
    async startTls({ servername, rejectUnauthorized = false }) {
      const work = async (): Promise<void> => {
        await client.exop(START_TLS);
        await transport.replaceSocket((plain) =>
          secureClient(host, plain, { servername, rejectUnauthorized, deadlineMs }),
        );
      };
      await operate({ op: 'starttls' }, work, succeeded);
    },
    async close() {
      if (transport.destroyed) return;
      // The server may be gone already, and closing is all that is left to do.
      await client.unbind().catch((error: unknown) => transport.fail(typed(error)));
      transport.destroy();
      await transport.socketClosed();
    },
  };
  return session;
}

function toEntry(found: Entry): LdapEntry {
  const { dn, ...rest } = found;
  const attributes = Object.entries(rest)
    .map(([name, value]) => [name, Array.isArray(value) ? value : [value]] as const)
    .filter(([, values]) => values.length > 0);
  return { dn: String(dn), attributes: Object.fromEntries(attributes) };
}

const text = (octets: Uint8Array): string => Buffer.from(octets).toString('utf8');

/** Whatever a lower layer threw, as the error of this one. */
function typed(error: unknown): LdapError {
  if (error instanceof LdapError) return error;
  if (error instanceof NetError) return new LdapError(NET_CODES[error.code], error.message);
  if (error instanceof ResultCodeError) {
    return new LdapError('result', `${resultName(error.code)}: ${error.message}`, error.code);
  }
  const message = error instanceof Error ? error.message : String(error);
  return new LdapError('protocol', message);
}

const NET_CODES: Record<NetError['code'], LdapErrorCode> = {
  refused: 'refused',
  unreachable: 'unreachable',
  timeout: 'timeout',
  closed: 'closed',
  'address-in-use': 'unreachable',
  permission: 'unreachable',
};
