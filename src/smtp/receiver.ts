/**
 * SMTP server on a host's sockets.
 *
 * @module
 */
import type { Addr, Host, Listener, Socket } from '../net/host.ts';
import { type SecureServerOptions, secureServer } from '../net/tls.ts';
import { type Connections, trackConnections } from './connections.ts';
import { type ContentRoom, contentRoom } from './content-room.ts';
import type { SmtpHandlers } from './handlers.ts';
import { type ReceiverLimits, referenceLimits } from './limits.ts';
import { formatReply, replyText, smtpReply } from './reply.ts';
import { createServerSession, type ServerSession } from './session.ts';
import type { SmtpWire } from './wire.ts';

export interface ReceiverOptions
  extends Pick<SmtpHandlers, 'reply' | 'onCredentials' | 'onSender' | 'onRecipient' | 'onMessage'> {
  readonly at: Addr;
  /** What the server calls itself. */
  readonly hostname: string;
  readonly limits?: Partial<ReceiverLimits>;
  /** Offers STARTTLS. */
  readonly tls?: SecureServerOptions;
  /** TLS from the first octet instead, as on port 465 (RFC 8314 §3.3). Needs `tls`. */
  readonly implicitTls?: boolean;
  readonly wire?: SmtpWire;
}

export interface SmtpReceiver {
  readonly addr: Addr;
  /** Takes no more connections, dismisses the open ones (421) and resolves when all are gone. */
  close(): Promise<void>;
}

/**
 * Serves SMTP (RFC 5321) with PIPELINING, SIZE, 8BITMIME, ENHANCEDSTATUSCODES and, with a certificate, STARTTLS.
 *
 * A recipient is accepted by `onRecipient`, a message by the 2xx that `onMessage` resolves to: it must not resolve
 * before the message is safe. Leaves one `smtp` event a transaction and one a refused recipient.
 */
export async function serveSmtp(host: Host, options: ReceiverOptions): Promise<SmtpReceiver> {
  const limits = { ...referenceLimits, ...options.limits };
  const connections = trackConnections(host, limits);
  const room = contentRoom(host, limits.largeOctets, limits.largeWaitMs);
  let closing = false;
  let count = 0;

  const accept = (socket: Socket): void => {
    const peer = { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    socket.on('error', () => socket.destroy());
    if (closing || !connections.room(peer.host)) {
      socket.resume();
      // where TLS comes first a reply in clear would be noise
      if (!options.implicitTls) {
        socket.write(formatReply(smtpReply(421, '4.3.2 Too many connections, try later')));
      }
      hangUp(host, socket);
      return;
    }
    void converse(host, options, limits, socket, peer, ++count, connections, room);
  };
  const listener: Listener = await host.listen(options.at, accept);
  return {
    addr: listener.addr,
    async close() {
      closing = true;
      await connections.dismissAll('4.3.2 Shutting down');
      await listener.close();
    },
  };
}

async function converse(
  host: Host,
  options: ReceiverOptions,
  limits: ReceiverLimits,
  first: Socket,
  peer: Addr,
  conn: number,
  connections: Connections,
  room: ContentRoom,
): Promise<void> {
  let socket = first;
  let cancelIdle = (): void => undefined;
  const idle = (): void => {
    cancelIdle();
    cancelIdle = host.timer(limits.idleMs, () => session.dismiss('4.4.2 Idle for too long'));
  };
  const cancelSession = host.timer(limits.sessionMs, () => session.dismiss('4.4.2 Connected for too long'));
  const receive = (bytes: Uint8Array): void => {
    cancelIdle();
    cancelIdle = (): void => undefined;
    if (bytes.length >= PROGRESS_OCTETS) tracked.progress();
    // the replies to commands that came together go together
    const asked = socket;
    asked.cork();
    void session.push(bytes).then(() => {
      asked.uncork();
      if (!socket.destroyed && !socket.writableEnded) idle();
    });
  };
  const session: ServerSession = createServerSession({
    hostname: options.hostname,
    id: conn,
    peer,
    limits,
    handlers: { ...options, ...evidence(host, conn) },
    port: {
      write: (text) => {
        tracked.progress();
        socket.write(text, 'latin1');
      },
      end: () => hangUp(host, socket),
      hold: (isHeld) => void (isHeld ? socket.pause() : socket.resume()),
      ...(options.tls && !options.implicitTls ? { startTls: () => upgrade(options.tls!) } : {}),
    },
    ...(options.implicitTls ? { secure: true } : {}),
    ...(options.wire ? { wire: options.wire } : {}),
    room,
  });
  const tracked = connections.opened(peer.host, session);
  socket.on('close', () => {
    cancelIdle();
    cancelSession();
    tracked.closed();
    session.gone();
  });
  async function upgrade(tls: SecureServerOptions): Promise<void> {
    const plain = socket;
    plain.removeListener('data', receive);
    while (plain.writableCorked > 0) plain.uncork();
    const cancel = host.timer(HANDSHAKE_MS, () => plain.destroy());
    try {
      socket = await secureServer(plain, tls);
    } finally {
      cancel();
    }
    socket.on('error', () => socket.destroy());
    socket.on('data', receive);
  }
  socket.setNoDelay(true);
  if (options.implicitTls && options.tls) {
    try {
      await upgrade(options.tls);
    } catch {
      // it spoke no TLS, or none that we speak; the socket is gone
      return;
    }
  } else socket.on('data', receive);
  idle();
  session.greet();
}

/** So much at once is a client that gets on; less may be one that holds the connection for its own sake. */
const PROGRESS_OCTETS = 1024;

/** Ends after what is written; a client that does not hang up in turn is cut off. */
function hangUp(host: Host, socket: Socket): void {
  socket.end();
  if (socket.destroyed) return;
  const cancel = host.timer(LINGER_MS, () => socket.destroy());
  socket.on('close', cancel);
}

const LINGER_MS = 5_000;
const HANDSHAKE_MS = 30_000;

function evidence(host: Host, conn: number): Pick<SmtpHandlers, 'onRefusedRecipient' | 'onAnswered'> {
  return {
    onRefusedRecipient(mailFrom, rcpt, reply, session) {
      host.events.emit({
        kind: 'smtp',
        dir: 'in',
        peer: session.peer,
        conn,
        summary: { op: 'rcpt-refused', mailFrom, rcpt, reply: replyText(reply) },
      });
    },
    onAnswered({ mailFrom, rcptTo, session }, bytes, size, reply) {
      host.events.emit({
        kind: 'smtp',
        dir: 'in',
        peer: session.peer,
        conn,
        blob: bytes,
        summary: {
          op: 'message',
          helo: session.helo,
          mailFrom,
          rcptTo,
          size,
          reply: replyText(reply),
          tls: session.tls,
        },
      });
    },
  };
}
