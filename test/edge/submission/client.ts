import type { Addr, Socket } from '../../../src/net/host.ts';
import { realHost } from '../../../src/net/real.ts';
import { secureClient, type TlsVersion } from '../../../src/net/tls.ts';

export interface Client {
  /** Sends one or more lines at once and gives the codes of as many replies. */
  say(...lines: string[]): Promise<string>;
  raw(text: string): void;
  reply(): Promise<string>;
  startTls(only?: TlsVersion): Promise<void>;
  /** Everything that was said. */
  readonly heard: string;
  end(): void;
}

const host = realHost({ resolvers: [] });

/** An SMTP client that says what it is told, in order or not. */
export async function client(at: Addr, secure = false): Promise<Client> {
  let socket: Socket = await host.dial(at);
  let rest = '';
  let heard = '';
  let wake: (() => void) | undefined;
  let gone = false;
  const attach = (): void => {
    socket.on('data', (bytes) => {
      rest += bytes.toString('latin1');
      heard += bytes.toString('latin1');
      wake?.();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      gone = true;
      wake?.();
    });
  };
  const startTls = async (only?: TlsVersion): Promise<void> => {
    socket.removeAllListeners('data');
    socket.removeAllListeners('close');
    rest = '';
    socket = await secureClient(host, socket, {
      servername: 'mx.b.example',
      rejectUnauthorized: false,
      ...(only ? { only } : {}),
    });
    attach();
  };
  const reply = async (): Promise<string> => {
    for (;;) {
      const found = /^(?:\d{3}-.*\r\n)*(\d{3})(?: .*)?\r\n/.exec(rest);
      if (found) {
        rest = rest.slice(found[0].length);
        return found[1]!;
      }
      if (gone) return 'gone';
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  if (secure) await startTls();
  else attach();
  const greeting = await reply();
  if (greeting !== '220') throw new Error(`greeted with ${greeting}`);
  return {
    async say(...lines) {
      socket.write(lines.map((line) => `${line}\r\n`).join(''));
      const codes: string[] = [];
      for (const _line of lines) codes.push(await reply());
      return codes.join(' ');
    },
    raw: (text) => void socket.write(text, 'latin1'),
    reply,
    startTls,
    get heard() {
      return heard;
    },
    end: () => socket.destroy(),
  };
}

export const plain = (name: string, password: string): string =>
  `AUTH PLAIN ${Buffer.from(`\0${name}\0${password}`).toString('base64')}`;
