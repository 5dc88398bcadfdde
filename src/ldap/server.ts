/**
 * The LDAP server, read only (RFC 4511; REQ-LDAP-05 to -09, -17, -19, -20): anonymous, for certificates, unless a `bind`
 * says who is who.
 *
 * @module
 */
import { type Addr, type Host, NetError, type Socket } from '../net/host.ts';
import { type SecureServerOptions, secureServer } from '../net/tls.ts';
import { serveConnection } from './connection.ts';
import { encodeNotice } from './encode.ts';
import { LdapError } from './error.ts';
import { createOperations } from './operations.ts';
import { searchQuota } from './quota.ts';
import type { BindRequest } from './requests.ts';
import { RESULT } from './result.ts';
import { createSelections } from './selection.ts';
import { DEFAULT_LIMITS, type LdapServerOptions, type LdapService } from './settings.ts';

export type { LdapServerOptions } from './settings.ts';

/**
 * Success for no name and no password; a name without a password is refused as RFC 4513 §5.1.2 wants, and a password
 * is never right: there are no accounts.
 */
export function anonymousOnly(request: BindRequest): number {
  if (request.passwordLength > 0) return RESULT.invalidCredentials;
  return request.name === '' ? RESULT.success : RESULT.unwillingToPerform;
}

/** @throws {NetError} when the address cannot be listened on; {LdapError} tls: LDAPS without a key */
export async function serveLdap(
  host: Host,
  options: LdapServerOptions,
): Promise<{ readonly addr: Addr; close(): Promise<void> }> {
  if (options.ldaps && !options.tls) throw new LdapError('tls', 'LDAPS needs a key and a certificate');
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
    quota: searchQuota(host.mono, limits.searchesPerMinute),
    client: options.client ?? (({ peer }) => peer.host),
    operations: createOperations(),
  };
  let connections = 0;
  let open = 0;
  const serve = (socket: Socket, conn: number, secured: boolean): void =>
    serveConnection(service, socket, { conn, tls: secured, startTls: () => secure(socket, conn) });
  const secure = (socket: Socket, conn: number): void => {
    // A failed or slow handshake has ended the connection.
    void handshake(service, socket, options.tls!).then((tls) => tls && serve(tls, conn, true));
  };
  const listener = await host.listen(options.at, (socket) => {
    const conn = ++connections;
    socket.once('close', () => {
      open--;
    });
    if (++open > limits.connections) {
      socket.end(encodeNotice(RESULT.busy, `more than ${limits.connections} connections`));
      socket.destroySoon();
    } else if (options.ldaps) secure(socket, conn);
    else serve(socket, conn, false);
  });
  return { addr: listener.addr, close: () => listener.close() };
}

async function handshake(
  { host, limits }: LdapService,
  socket: Socket,
  tls: SecureServerOptions,
): Promise<Socket | undefined> {
  const cancel = host.timer(limits.idleMs, () => socket.destroy());
  try {
    return await secureServer(socket, tls);
  } catch (error) {
    if (!(error instanceof NetError)) throw error;
    return undefined;
  } finally {
    cancel();
  }
}
