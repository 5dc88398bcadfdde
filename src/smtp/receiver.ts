/**
 * SMTP server on a host's sockets.
 *
 * @module
 */
import type { Addr, Host, Listener, Socket } from '../net/host.ts';
import { type SecureServerOptions, secureServer } from '../net/tls.ts';
import type { SmtpHandlers } from './handlers.ts';
import { type ReceiverLimits, referenceLimits } from './limits.ts';
import { formatReply, replyText, smtpReply } from './reply.ts';
import { createServerSession, type ServerSession } from './session.ts';

export interface ReceiverOptions extends Pick<SmtpHandlers, 'reply' | 'onRecipient' | 'onMessage'> {
  readonly at: Addr;
  /** What the server calls itself. */
  readonly hostname: string;
  readonly limits?: Partial<ReceiverLimits>;
  /** Offers STARTTLS. */
  readonly tls?: SecureServerOptions;
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
  const open = new Map<Socket, ServerSession>();
  const perPeer = new Map<string, number>();
  let gone: (() => void) | undefined;
  let count = 0;

  const accept = (socket: Socket): void => {
    const peer = { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    const same = perPeer.get(peer.host) ?? 0;
    socket.on('error', () => socket.destroy());
    if (gone || open.size >= limits.connections || same >= limits.connectionsPerPeer) {
      socket.resume();
      socket.write(formatReply(smtpReply(421, '4.3.2 Too many connections, try later')));
      hangUp(host, socket);
      return;
    }
    perPeer.set(peer.host, same + 1);
    converse(host, options, limits, socket, peer, ++count, {
      opened: (session) => open.set(socket, session),
      closed: () => {
        open.delete(socket);
        const left = (perPeer.get(peer.host) ?? 1) - 1;
        if (left > 0) perPeer.set(peer.host, left);
        else perPeer.delete(peer.host);
        if (gone && open.size === 0) gone();
      },
    });
  };
  const listener: Listener = await host.listen(options.at, accept);
  return {
    addr: listener.addr,
    async close() {
      const empty = new Promise<void>((resolve) => {
        gone = resolve;
      });
      for (const session of open.values()) session.dismiss('4.3.2 Shutting down');
      if (open.size > 0) await empty;
      await listener.close();
    },
  };
}

function converse(
  host: Host,
  options: ReceiverOptions,
  limits: ReceiverLimits,
  first: Socket,
  peer: Addr,
  conn: number,
  watch: { opened(session: ServerSession): void; closed(): void },
): void {
  let socket = first;
  let cancelIdle = (): void => undefined;
  const idle = (): void => {
    cancelIdle();
    cancelIdle = host.timer(limits.idleMs, () => session.dismiss('4.4.2 Idle for too long'));
  };
  const cancelSession = host.timer(limits.sessionMs, () => session.dismiss('4.4.2 Connected for too long'));
  const closed = (): void => {
    cancelIdle();
    cancelSession();
    watch.closed();
  };
  const receive = (bytes: Uint8Array): void => {
    cancelIdle();
    cancelIdle = (): void => undefined;
    void session.push(bytes).then(() => {
      if (!socket.destroyed && !socket.writableEnded) idle();
    });
  };
  const session = createServerSession({
    hostname: options.hostname,
    id: conn,
    peer,
    limits,
    handlers: { ...options, ...evidence(host, conn) },
    port: {
      write: (text) => void socket.write(text, 'latin1'),
      end: () => hangUp(host, socket),
      ...(options.tls ? { startTls: () => upgrade(options.tls!) } : {}),
    },
  });
  async function upgrade(tls: SecureServerOptions): Promise<void> {
    const plain = socket;
    plain.removeListener('data', receive);
    const cancel = host.timer(HANDSHAKE_MS, () => plain.destroy());
    try {
      socket = await secureServer(plain, tls);
    } finally {
      cancel();
    }
    socket.on('error', () => socket.destroy());
    socket.on('data', receive);
  }
  watch.opened(session);
  socket.setNoDelay(true);
  socket.on('data', receive);
  socket.on('close', closed);
  idle();
  session.greet();
}

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
