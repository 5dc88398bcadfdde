/**
 * The client's end of an SMTP connection: one command, one reply.
 *
 * @module
 */
import { type Addr, formatAddr, type Host, NetError, type Socket } from '../net/host.ts';
import { secureClient } from '../net/tls.ts';
import { SmtpError } from './error.ts';
import { createReplyReader, replyText, type SmtpReply } from './reply.ts';

export interface ClientConnection {
  readonly tls: boolean;
  /** Whether the peer is still there and has said nothing that it was not asked. */
  readonly usable: boolean;
  /** Sets the end of every wait anew, of `host.mono()`. */
  until(endsAt: number): void;
  /** @throws {SmtpError} `closed`, `timeout`, `protocol`, `limit` */
  reply(): Promise<SmtpReply>;
  write(bytes: Uint8Array | string): void;
  /**
   * Writes one piece after the other, each once the peer has read enough of those before. False: the connection ended
   * before the last piece; `reply` tells why, or gives what the peer said before.
   */
  send(pieces: Iterable<Uint8Array>): Promise<boolean>;
  /** Writes a command line and waits for its reply. */
  command(line: string): Promise<SmtpReply>;
  /** Runs the handshake; octets that came before it in clear are an error, not data. @throws {SmtpError} `tls` */
  startTls(servername: string): Promise<void>;
  /** Says QUIT, waits a little for the answer, and hangs up. */
  quit(): Promise<void>;
  destroy(): void;
}

/**
 * Connects and listens at once. Every wait ends at `endsAt` (of `host.mono()`).
 *
 * @throws {SmtpError} `refused`, `unreachable`, `timeout`, `closed`
 */
export async function connectSmtp(host: Host, server: Addr, endsAt: number): Promise<ClientConnection> {
  let end = endsAt;
  const left = (): number => Math.max(1, end - host.mono());
  let socket = await dial(host, server, left());
  const where = formatAddr(server);
  let reader = createReplyReader();
  let replies: SmtpReply[] = [];
  let failure: SmtpError | undefined;
  let waiting: (() => void) | undefined;
  let tls = false;

  const wake = (): void => {
    const call = waiting;
    waiting = undefined;
    call?.();
  };
  const fail = (error: SmtpError): void => {
    failure ??= error;
    wake();
  };
  const receive = (bytes: Uint8Array): void => {
    try {
      replies.push(...reader.push(bytes));
      if (replies.length > MAX_UNASKED)
        throw new SmtpError('protocol', `${where} answers without being asked`);
    } catch (error) {
      if (!(error instanceof SmtpError)) throw error;
      fail(error);
      socket.destroy();
      return;
    }
    wake();
  };
  const attach = (): void => {
    socket.on('data', receive);
    socket.on('error', (error) => fail(new SmtpError('closed', `${where}: ${error.message}`)));
    socket.on('close', () => fail(new SmtpError('closed', `${where} closed the connection`)));
  };
  attach();
  socket.setNoDelay(true);

  async function reply(within = left()): Promise<SmtpReply> {
    if (replies.length === 0 && !failure) {
      await new Promise<void>((resolve) => {
        const cancel = host.timer(within, () => {
          fail(new SmtpError('timeout', `${where} did not answer in time`));
        });
        waiting = () => {
          cancel();
          resolve();
        };
      });
    }
    const first = replies.shift();
    if (first) return first;
    throw failure ?? new SmtpError('protocol', `${where} gave no reply`);
  }
  const write = (bytes: Uint8Array | string): void => {
    if (!socket.destroyed) socket.write(bytes);
  };

  /** Until what was written is on its way. */
  async function drained(): Promise<void> {
    const cancel = host.timer(left(), () => {
      fail(new SmtpError('timeout', `${where} reads too slowly`));
    });
    socket.on('drain', wake);
    while (socket.writableNeedDrain && !failure) {
      // a reply that comes early wakes as well
      await new Promise<void>((resolve) => {
        waiting = resolve;
      });
    }
    socket.removeListener('drain', wake);
    cancel();
  }

  return {
    get tls() {
      return tls;
    },
    get usable() {
      return !failure && replies.length === 0 && !socket.destroyed;
    },
    until(endsAt) {
      end = endsAt;
    },
    reply: () => reply(),
    write,
    async send(pieces) {
      // small pieces go together
      socket.cork();
      try {
        for (const piece of pieces) {
          if (failure || socket.destroyed) return false;
          if (socket.write(piece)) continue;
          socket.uncork();
          await drained();
          socket.cork();
        }
        return true;
      } finally {
        socket.uncork();
      }
    },
    command(line) {
      write(`${line}\r\n`);
      return reply();
    },
    async startTls(servername) {
      if (replies.length > 0) throw new SmtpError('protocol', `${where} spoke before the TLS handshake`);
      socket.removeListener('data', receive);
      reader = createReplyReader();
      replies = [];
      const cancel = host.timer(left(), () => socket.destroy());
      try {
        // the message is protected by itself, so the chain of the server is not checked
        socket = await secureClient(host, socket, { servername, rejectUnauthorized: false });
      } catch (error) {
        throw new SmtpError('tls', `${where}: ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        cancel();
      }
      tls = true;
      attach();
    },
    async quit() {
      if (!failure) {
        write('QUIT\r\n');
        try {
          const bye = await reply(Math.min(QUIT_MS, left()));
          if (bye.code !== 221) throw new SmtpError('protocol', replyText(bye));
        } catch (error) {
          // what had to be said is said; how the peer takes leave changes nothing
          if (!(error instanceof SmtpError)) throw error;
        }
      }
      socket.destroy();
    },
    destroy: () => void socket.destroy(),
  };
}

/** Replies that may wait to be read: those of a pipelined transaction. */
const MAX_UNASKED = 2000;
const QUIT_MS = 5_000;

async function dial(host: Host, server: Addr, deadlineMs: number): Promise<Socket> {
  try {
    return await host.dial(server, { deadlineMs });
  } catch (error) {
    if (!(error instanceof NetError)) throw error;
    const code =
      error.code === 'refused' || error.code === 'timeout' || error.code === 'closed'
        ? error.code
        : 'unreachable';
    throw new SmtpError(code, error.message);
  }
}
