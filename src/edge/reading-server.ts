/**
 * What the servers have in common through which users read their mail: POP3 and IMAP on the lines of `server.ts`.
 *
 * @module
 */
import type { Addr, Host } from '../net/host.ts';
import type { SecureServerOptions } from '../net/tls.ts';
import type { Accounts } from './accounts.ts';
import type { Mailboxes } from './mailboxes.ts';
import { type ReadingParts, referenceReading } from './reading.ts';
import { type EdgeLimits, type EdgePort, type EdgeServer, type EdgeSession, serveEdge } from './server.ts';

/** @typeParam L the limits of the protocol's sessions */
export interface ReadingServerOptions<L> {
  readonly at: Addr;
  readonly hostname: string;
  readonly tls: SecureServerOptions;
  /** TLS from the first octet (ports 993 and 995); else STARTTLS or STLS (143, 110). */
  readonly implicitTls?: boolean;
  readonly accounts: Accounts;
  readonly mailboxes: Mailboxes;
  readonly limits?: Partial<L & EdgeLimits>;
  /** Default: the reference. */
  readonly parts?: ReadingParts;
  readonly onError?: (error: unknown) => void;
}

/** What a session of either protocol is made with. */
export interface ReadingSession<L> {
  readonly hostname: string;
  readonly peer: Addr;
  readonly limits: L & EdgeLimits;
  readonly accounts: Accounts;
  readonly mailboxes: Mailboxes;
  readonly reply: ReadingParts['reply'];
  readonly port: EdgePort;
  readonly onCommand: (told: {
    readonly command: string;
    readonly status: string;
    readonly user?: string | undefined;
    readonly tls: boolean;
  }) => void;
}

export interface ReadingProtocol<L> {
  readonly kind: 'pop3' | 'imap';
  readonly limits: L & Omit<EdgeLimits, 'connections' | 'connectionsPerPeer'>;
  /** What is said to one connection too many. */
  readonly full: string;
  readonly session: (made: ReadingSession<L>) => EdgeSession;
}

/** Listens. Leaves one event a command: name, status, whose mailbox. @throws {NetError} when the port is in use */
export function serveReading<L extends object>(
  host: Host,
  protocol: ReadingProtocol<L>,
  options: ReadingServerOptions<L>,
): Promise<EdgeServer> {
  const parts = options.parts ?? referenceReading;
  const limits = { connections: 500, connectionsPerPeer: 100, ...protocol.limits, ...options.limits };
  const accounts = parts.accounts(options.accounts);
  const mailboxes = parts.mailboxes(options.mailboxes);
  return serveEdge(host, {
    at: options.at,
    tls: parts.tls(options.tls),
    implicitTls: options.implicitTls ?? false,
    limits,
    full: protocol.full,
    ...(options.onError ? { onError: options.onError } : {}),
    session: (port, peer, conn) =>
      protocol.session({
        hostname: options.hostname,
        peer,
        limits,
        accounts,
        mailboxes,
        reply: parts.reply,
        port,
        onCommand: (told) =>
          void host.events.emit({
            kind: protocol.kind,
            dir: 'in',
            peer,
            conn,
            summary: { op: 'command', ...told },
          }),
      }),
  });
}
