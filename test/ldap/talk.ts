import { connect, type Socket } from 'node:net';
import { afterEach } from 'vitest';
import { serveLdap } from '../../src/ldap/server.ts';
import type { LdapServerOptions } from '../../src/ldap/settings.ts';
import type { Addr, Observation } from '../../src/net/host.ts';
import { realHost } from '../../src/net/real.ts';
import { tree } from './tree.ts';
import { type Answer, answers } from './wire.ts';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** A server of ours on a free port until the test ends, with what it told. */
export async function server(
  options: Partial<LdapServerOptions> = {},
): Promise<{ addr: Addr; events: Observation[] }> {
  const events: Observation[] = [];
  const host = realHost({ events: { emit: (event) => events.push(event) } });
  const at = { host: '127.0.0.1', port: 0 };
  const serving = await serveLdap(host, { at, tree: tree(), ...options });
  open.push(serving);
  return { addr: serving.addr, events };
}

export interface Talk {
  readonly socket: Socket;
  /** Everything received so far. */
  received(): Buffer;
  /** Sends and waits for so many answers in all, or for the end of the connection. */
  ask(bytes: Uint8Array, count: number): Promise<Answer[]>;
  /** Resolves when the server closed the connection. */
  readonly closed: Promise<void>;
}

export function talk(addr: Addr): Talk {
  const socket = connect({ host: addr.host, port: addr.port, noDelay: true });
  const chunks: Buffer[] = [];
  let wake = (): void => undefined;
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    wake();
  });
  socket.on('error', () => socket.destroy());
  let isClosed = false;
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      isClosed = true;
      wake();
      resolve();
    });
  });
  open.push({
    close: () => {
      socket.destroy();
      return closed;
    },
  });
  const received = (): Buffer => Buffer.concat(chunks);
  return {
    socket,
    received,
    closed,
    async ask(bytes, count) {
      socket.write(bytes);
      for (;;) {
        const found = answers(received());
        if (found.length >= count || isClosed) return found;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

/** One connection for one search: its answers up to its end. */
export async function askWhole(addr: Addr, bytes: Uint8Array): Promise<Answer[]> {
  const conversation = talk(addr);
  for (let count = 1, sent = bytes; ; count++, sent = Buffer.alloc(0)) {
    const found = await conversation.ask(sent, count);
    const last = found.at(-1);
    if (found.length < count || (last && last.tag !== 0x64 && last.tag !== 0x73)) {
      conversation.socket.destroy();
      return found;
    }
  }
}

/** One connection for one question: all answers up to the one that ends it. */
export async function ask(addr: Addr, bytes: Uint8Array, count = 1): Promise<Answer[]> {
  const conversation = talk(addr);
  const found = await conversation.ask(bytes, count);
  conversation.socket.destroy();
  return found;
}
