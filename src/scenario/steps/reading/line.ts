/**
 * One connection of a user's mail program: octets out, answers in.
 *
 * @module
 */
import { type Addr, type Host, NetError, type Socket } from '../../../net/host.ts';
import { secureClient } from '../../../net/tls.ts';
import type { Answer, ReadAnswer } from './answer.ts';

/** How a user's mail program reaches the server where mail is read. */
export interface ReadingAccess {
  readonly at: Addr;
  readonly tls: 'starttls' | 'tls' | 'none';
  readonly user: string;
  readonly password: string;
}

export interface Line {
  write(text: string): void;
  /** The next answer; `closed`, `silent` or `no-protocol` for none. */
  hear(read: ReadAnswer): Promise<Answer>;
  /** Makes the handshake. `tls`, or `no-tls`. */
  shake(): Promise<Answer>;
  end(): void;
}

/** For one answer: a server may think for long, and one that says nothing is found out. */
const PATIENCE_MS = 60_000;
/** Nobody is sent more at once. */
const MAX_OCTETS = 64 << 20;

const NOTHING = Buffer.alloc(0);
const said = (code: string, text: string): Answer => ({ code, text, octets: NOTHING, literals: [] });

/** @throws {NetError} when the server cannot be reached */
export async function openLine(host: Host, access: ReadingAccess): Promise<Line> {
  let socket: Socket = await host.dial(access.at);
  let pieces: Buffer[] = [];
  let held = 0;
  let over: Answer | undefined;
  let wake = (): void => undefined;
  const stop = (answer: Answer): void => {
    over ??= answer;
    wake();
  };
  const receive = (bytes: Buffer): void => {
    pieces.push(bytes);
    held += bytes.length;
    if (held > MAX_OCTETS) {
      stop(said('no-protocol', `an answer of over ${MAX_OCTETS} octets`));
      socket.destroy();
    }
    wake();
  };
  const closed = (): void => stop(said('closed', 'the connection ended'));
  const attach = (): void => {
    socket.on('data', receive);
    socket.on('error', () => undefined);
    socket.on('close', closed);
  };
  attach();
  return {
    write(text) {
      if (!socket.destroyed && !socket.writableEnded) socket.write(Buffer.from(text, 'utf8'));
    },
    async hear(read) {
      const deadline = host.mono() + PATIENCE_MS;
      for (;;) {
        const input = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
        const answer = held > 0 ? read(input) : undefined;
        pieces = answer ? [input.subarray(answer.octets.length)] : [input];
        held -= answer?.octets.length ?? 0;
        if (answer) return answer;
        if (over) return over;
        const left = deadline - host.mono();
        if (left <= 0) return said('silent', `nothing within ${PATIENCE_MS / 1000} s`);
        await new Promise<void>((resolve) => {
          const cancel = host.timer(left, resolve);
          wake = () => {
            cancel();
            resolve();
          };
        });
      }
    },
    async shake() {
      socket.off('data', receive);
      socket.off('close', closed);
      pieces = [];
      held = 0;
      try {
        socket = await secureClient(host, socket, {
          servername: access.at.host,
          rejectUnauthorized: false,
        });
      } catch (error) {
        if (!(error instanceof NetError)) throw error;
        over = said('closed', 'the connection ended');
        return said('no-tls', error.message);
      }
      attach();
      return said('tls', 'the handshake went well');
    },
    end: () => socket.destroy(),
  };
}
