/**
 * IMAP4rev1 server (RFC 3501) with LITERAL+, SASL-IR, ID, IDLE, NAMESPACE, CHILDREN, UIDPLUS, MOVE and UNSELECT.
 *
 * @module
 */
import type { Addr, Host } from '../../net/host.ts';
import type { SecureServerOptions } from '../../net/tls.ts';
import type { Accounts } from '../accounts.ts';
import type { Mailboxes } from '../mailboxes.ts';
import { type ReadingParts, referenceReading } from '../reading.ts';
import { type EdgeLimits, type EdgeServer, serveEdge } from '../server.ts';
import { type ImapLimits, referenceImapLimits } from './limits.ts';
import { createImapSession } from './session.ts';

export interface ImapServerOptions {
  readonly at: Addr;
  readonly hostname: string;
  readonly tls: SecureServerOptions;
  /** TLS from the first octet (port 993); else STARTTLS (port 143). */
  readonly implicitTls?: boolean;
  readonly accounts: Accounts;
  readonly mailboxes: Mailboxes;
  readonly limits?: Partial<ImapLimits & EdgeLimits>;
  /** Default: the reference. */
  readonly parts?: ReadingParts;
  readonly onError?: (error: unknown) => void;
}

/** Listens. Leaves one `imap` event a command: name, status, whose mailbox. @throws {NetError} when the port is in use */
export function serveImap(host: Host, options: ImapServerOptions): Promise<EdgeServer> {
  const parts = options.parts ?? referenceReading;
  const limits = { ...referenceImapLimits, connections: 500, connectionsPerPeer: 100, ...options.limits };
  const accounts = parts.accounts(options.accounts);
  const mailboxes = parts.mailboxes(options.mailboxes);
  return serveEdge(host, {
    at: options.at,
    tls: parts.tls(options.tls),
    implicitTls: options.implicitTls ?? false,
    limits,
    full: '* BYE Too many connections, try later\r\n',
    ...(options.onError ? { onError: options.onError } : {}),
    session: (port, peer, conn) =>
      createImapSession({
        hostname: options.hostname,
        peer,
        limits,
        accounts,
        mailboxes,
        reply: parts.reply,
        port,
        onCommand: (told) =>
          void host.events.emit({ kind: 'imap', dir: 'in', peer, conn, summary: { op: 'command', ...told } }),
      }),
  });
}
