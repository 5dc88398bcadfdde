/**
 * The LDAP server: anonymous, read only, for certificates (RFC 4511; REQ-LDAP-05 to -09, -17, -19, -20).
 *
 * @module
 */
import type { Addr, Host, Socket } from '../net/host.ts';
import { type SecureServerOptions, secureServer } from '../net/tls.ts';
import type { SearchAnswer, SearchLimits } from './answer.ts';
import { serveConnection } from './connection.ts';
import { encodeNotice } from './encode.ts';
import type { LdapTree } from './entries.ts';
import { createOperations, type Operations } from './operations.ts';
import type { BindRequest, SearchRequest } from './requests.ts';
import { RESULT } from './result.ts';
import { createSelections, type Selections } from './selection.ts';

export interface LdapLimits extends SearchLimits {
  /** Octets of one request. */
  readonly requestOctets: number;
  /** Octets of one answer. */
  readonly answerOctets: number;
  /** Octets written and not taken by the client, before its connection is ended. */
  readonly backlogOctets: number;
  /** Octets of ready answers to keep. */
  readonly readyOctets: number;
  readonly connections: number;
  /** Searches of one connection that wait for an answer. */
  readonly pending: number;
  /** Milliseconds without a whole request. */
  readonly idleMs: number;
}

export const DEFAULT_LIMITS: LdapLimits = {
  entries: 100,
  enumeration: 20,
  work: 200_000,
  timeS: 10,
  requestOctets: 65_536,
  answerOctets: 4 * 1024 * 1024,
  backlogOctets: 8 * 1024 * 1024,
  readyOctets: 64 * 1024 * 1024,
  connections: 1000,
  pending: 100,
  idleMs: 120_000,
};

/** The connection that a request came on. */
export interface LdapSessionInfo {
  readonly peer: Addr;
  readonly conn: number;
  readonly tls: boolean;
  /** Whether a bind succeeded on it. */
  readonly bound: boolean;
}

export interface LdapServerOptions {
  readonly at: Addr;
  /** A function gives the tree as it stands when a request comes. */
  readonly tree: LdapTree | (() => LdapTree);
  /** Offers StartTLS; with `ldaps` every connection starts with TLS instead. */
  readonly tls?: SecureServerOptions;
  readonly ldaps?: boolean;
  readonly limits?: Partial<LdapLimits>;
  /**
   * Seam for faulty servers: gets the right answer and gives the one to send. A promise answers later, one that is
   * never kept never.
   */
  readonly answer?: (
    search: SearchRequest,
    reference: SearchAnswer,
    session: LdapSessionInfo,
  ) => SearchAnswer | Promise<SearchAnswer>;
  /** Result of a simple bind. Default `anonymousOnly`. */
  readonly bind?: (request: BindRequest) => number;
}

/** What the connections of one server share. */
export interface LdapService {
  readonly host: Host;
  readonly options: LdapServerOptions;
  readonly limits: LdapLimits;
  readonly tree: () => LdapTree;
  readonly bind: (request: BindRequest) => number;
  readonly selections: Selections;
  readonly operations: Operations;
}

/**
 * Success for no name and no password; a name without a password is refused as RFC 4513 §5.1.2 wants, and a password
 * is never right: there are no accounts.
 */
export function anonymousOnly(request: BindRequest): number {
  if (request.passwordLength > 0) return RESULT.invalidCredentials;
  return request.name === '' ? RESULT.success : RESULT.unwillingToPerform;
}

/** @throws {NetError} when the address cannot be listened on */
export async function serveLdap(
  host: Host,
  options: LdapServerOptions,
): Promise<{ readonly addr: Addr; close(): Promise<void> }> {
  const given = options.tree;
  const tree = typeof given === 'function' ? given : () => given;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const service: LdapService = {
    host,
    options,
    limits,
    tree,
    bind: options.bind ?? anonymousOnly,
    selections: createSelections(limits.readyOctets),
    operations: createOperations(tree),
  };
  let connections = 0;
  let open = 0;
  const accept = (socket: Socket): void => {
    const conn = ++connections;
    socket.once('close', () => {
      open--;
    });
    if (++open > limits.connections) {
      socket.end(encodeNotice(RESULT.busy, `more than ${limits.connections} connections`));
      socket.destroySoon();
      return;
    }
    if (options.ldaps && options.tls) startTls(service, socket, options.tls, conn);
    else serveConnection(service, socket, { conn, tls: false, startTls });
  };
  const listener = await host.listen(options.at, accept);
  return { addr: listener.addr, close: () => listener.close() };
}

/** Goes on under TLS; a failed or slow handshake ends the connection. */
function startTls(service: LdapService, socket: Socket, tls: SecureServerOptions, conn: number): void {
  const cancel = service.host.timer(service.limits.idleMs, () => socket.destroy());
  secureServer(socket, tls).then(
    (secure) => {
      cancel();
      serveConnection(service, secure, { conn, tls: true, startTls });
    },
    () => {
      cancel();
      socket.destroy();
    },
  );
}
