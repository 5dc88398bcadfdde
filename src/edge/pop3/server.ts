/**
 * POP3 server (RFC 1939) with CAPA, TOP, UIDL, PIPELINING, STLS, and AUTH PLAIN.
 *
 * @module
 */
import type { Addr, Host } from '../../net/host.ts';
import type { SecureServerOptions } from '../../net/tls.ts';
import type { Accounts } from '../accounts.ts';
import type { Mailboxes } from '../mailboxes.ts';
import { type ReadingParts, referenceReading } from '../reading.ts';
import { type EdgeLimits, type EdgeServer, serveEdge } from '../server.ts';
import { type Pop3Limits, referencePop3Limits } from './limits.ts';
import { createPop3Session } from './session.ts';

export interface Pop3ServerOptions {
  readonly at: Addr;
  readonly hostname: string;
  readonly tls: SecureServerOptions;
  /** TLS from the first octet (port 995); else STLS (port 110). */
  readonly implicitTls?: boolean;
  readonly accounts: Accounts;
  readonly mailboxes: Mailboxes;
  readonly limits?: Partial<Pop3Limits & EdgeLimits>;
  /** Default: the reference. */
  readonly parts?: ReadingParts;
  readonly onError?: (error: unknown) => void;
}

/** Listens. Leaves one `pop3` event a command: name, status, whose mailbox. @throws {NetError} when the port is in use */
export function servePop3(host: Host, options: Pop3ServerOptions): Promise<EdgeServer> {
  const parts = options.parts ?? referenceReading;
  const limits = { ...referencePop3Limits, connections: 500, connectionsPerPeer: 100, ...options.limits };
  const accounts = parts.accounts(options.accounts);
  const mailboxes = parts.mailboxes(options.mailboxes);
  return serveEdge(host, {
    at: options.at,
    tls: parts.tls(options.tls),
    implicitTls: options.implicitTls ?? false,
    limits,
    full: '-ERR [SYS/TEMP] Too many connections, try later\r\n',
    ...(options.onError ? { onError: options.onError } : {}),
    session: (port, peer, conn) =>
      createPop3Session({
        hostname: options.hostname,
        peer,
        limits,
        accounts,
        mailboxes,
        reply: parts.reply,
        port,
        onCommand: (told) =>
          void host.events.emit({ kind: 'pop3', dir: 'in', peer, conn, summary: { op: 'command', ...told } }),
      }),
  });
}
