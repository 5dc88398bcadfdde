import { afterEach, describe, expect, it } from 'vitest';
import { serveImap } from '../../src/edge/imap/server.ts';
import { servePop3 } from '../../src/edge/pop3/server.ts';
import type { Host, Socket } from '../../src/net/host.ts';
import { type SimNetwork, simNetwork } from '../../src/net/sim/network.ts';
import { secureClient } from '../../src/net/tls.ts';
import { selfSigned } from '../smtp/self-signed.ts';
import { ADDRESS, accounts, aliceStore, PASSWORD } from './fixture.ts';

const AT = { host: '10.0.0.1', port: 143 };
const MINUTE = 60_000;
let network: SimNetwork;
afterEach(() => network.close());

type Serve = typeof serveImap | typeof servePop3;

/** Starts a server on a virtual machine, and runs `work` on another. */
async function against(
  serve: Serve,
  more: { readonly implicitTls?: boolean; readonly limits?: object },
  work: (client: Host, now: () => number, deliver: (text: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  network = simNetwork({ seed: 1, epoch: Date.UTC(2026, 0, 5), sink: () => 0 });
  const server = network.host('server', { addresses: [AT.host] });
  const client = network.host('client', { addresses: ['10.0.0.2'] });
  const store = await aliceStore();
  await network.run(
    async () => {
      const set = { at: AT, hostname: 'mail', tls: selfSigned(), accounts, mailboxes: store.mailboxes };
      const running = await serve(server, { ...set, ...more });
      const start = client.now();
      await work(client, () => client.now() - start, store.deliver);
      await running.close();
    },
    { virtualMs: 4 * 3_600_000, realMs: 20_000 },
  );
  await store.close();
}

/** What the server says from now on until it hangs up. */
const heard = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });

describe('a client that says nothing', () => {
  it.each([
    ['IMAP', serveImap, /^\* OK .*\r\n\* BYE Idle for too long\r\n$/],
    ['POP3', servePop3, /^\+OK .*\r\n-ERR Idle for too long\r\n$/],
  ] as const)('is dismissed by %s after a minute', async (_name, serve, expected) => {
    await against(serve as Serve, {}, async (client, now) => {
      expect(await heard(await client.dial(AT))).toMatch(expected);
      expect(Math.round(now() / MINUTE)).toBe(1);
    });
  });

  it('in the handshake is cut off', async () => {
    await against(serveImap, { implicitTls: true }, async (client, now) => {
      expect(await heard(await client.dial(AT))).toBe('');
      expect(now()).toBeLessThan(2 * MINUTE);
    });
  });

  it('but waits for mail stays for half an hour', async () => {
    await against(serveImap, { implicitTls: true }, async (client, now, deliver) => {
      const socket = await secureClient(client, await client.dial(AT), {
        servername: 'mail',
        rejectUnauthorized: false,
      });
      const said = heard(socket);
      socket.write(`a LOGIN ${ADDRESS} "${PASSWORD}"\r\nb SELECT INBOX\r\nc IDLE\r\n`);
      await new Promise<void>((resolve) => void client.timer(20 * MINUTE, resolve));
      await deliver('Subject: new\n\n');
      expect(await said).toMatch(/\+ idling\r\n\* 1 EXISTS\r\n\* 1 RECENT\r\n\* BYE Idle for too long\r\n$/);
      expect(Math.round(now() / MINUTE)).toBe(30);
    });
  });
});

describe('too many connections', () => {
  it.each([[{ connections: 2 }], [{ connectionsPerPeer: 2 }]])('are turned away: %j', async (limits) => {
    await against(servePop3, { limits }, async (client) => {
      const first = [await client.dial(AT), await client.dial(AT)];
      const waiting = first.map(heard);
      expect(await heard(await client.dial(AT))).toBe('-ERR [SYS/TEMP] Too many connections, try later\r\n');
      for (const socket of first) socket.end('QUIT\r\n');
      expect((await Promise.all(waiting))[0]).toMatch(/goodbye\r\n$/);
      expect(await heard(await client.dial(AT))).toMatch(/^\+OK/);
    });
  });
});
