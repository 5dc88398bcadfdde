import { describe, expect, it } from 'vitest';
import { type Addr, formatAddr, type UdpPort } from '../../src/net/host.ts';
import { realHost } from '../../src/net/real.ts';
import { parseResolvConf, systemResolvers } from '../../src/net/resolv-conf.ts';
import { read } from './sim/simulation.ts';

const host = realHost({ resolvers: [] });
const ANY: Addr = { host: '127.0.0.1', port: 0 };

const answerOf = (port: UdpPort, to: Addr, question: string): Promise<string> =>
  new Promise((resolve) => {
    port.onMessage((bytes, from) => resolve(`${Buffer.from(bytes)} from ${formatAddr(from)}`));
    port.send(Buffer.from(question), to);
  });

describe('the real host', () => {
  it('tells the time and waits', async () => {
    const before = host.mono();
    expect(Math.abs(host.now() - Date.now())).toBeLessThan(50);
    let wrong = false;
    const cancel = host.timer(1, () => {
      wrong = true;
    });
    cancel();
    await new Promise<void>((done) => host.timer(5, done));
    expect(host.mono() - before).toBeGreaterThan(3);
    expect(wrong).toBe(false);
  });

  it('takes timers beyond the 24.8 days of setTimeout', async () => {
    let fired = false;
    const cancel = host.timer(40 * 86_400_000, () => {
      fired = true;
    });
    await new Promise<void>((done) => host.timer(20, done));
    cancel();
    expect(fired).toBe(false);
  });

  it('dials and listens', async () => {
    const listener = await host.listen(ANY, (socket) =>
      socket.on('data', (bytes) => socket.end(`${bytes}!`)),
    );
    const socket = await host.dial(listener.addr);
    socket.write('hi');
    expect(await read(socket)).toBe('hi!');
    await listener.close();
    await expect(host.dial(listener.addr)).rejects.toMatchObject({ name: 'NetError', code: 'refused' });
  });

  it('closing a listener ends its connections', async () => {
    const listener = await host.listen(ANY, () => undefined);
    const socket = await host.dial(listener.addr);
    const end = read(socket);
    await listener.close();
    expect(await end).toBe('');
  });

  it.each([
    ['a name that no route knows', { host: 'mx.example', port: 25 }, 'unreachable'],
    ['nobody there', { host: '127.0.0.1', port: 1 }, 'refused'],
  ])('%s is a typed error', async (_what, to, code) => {
    await expect(host.dial(to)).rejects.toMatchObject({ name: 'NetError', code });
  });

  it('a taken port is a typed error, on TCP and UDP', async () => {
    const listener = await host.listen(ANY, () => undefined);
    const port = await host.udp(ANY);
    await expect(host.listen(listener.addr, () => undefined)).rejects.toMatchObject({
      code: 'address-in-use',
    });
    await expect(host.udp(port.addr)).rejects.toMatchObject({ code: 'address-in-use' });
    await expect(host.listen({ host: '192.0.2.1', port: 0 }, () => undefined)).rejects.toMatchObject({
      code: 'unreachable',
    });
    await listener.close();
    await port.close();
  });

  it('sends and receives datagrams', async () => {
    const server = await host.udp(ANY);
    server.onMessage((bytes, from) => server.send(Buffer.from(`${bytes.length}`), from));
    const client = await host.udp();
    expect(await answerOf(client, server.addr, 'abc')).toBe(`3 from ${formatAddr(server.addr)}`);
    client.send(Buffer.from('x'), { host: 'no.literal', port: 1 });
    client.send(Buffer.from('x'), { host: '127.0.0.1', port: 0 });
    client.send(new Uint8Array(70_000), server.addr);
    await client.close();
    client.send(Buffer.from('x'), server.addr);
    await client.close();
    await server.close();
  });

  it('follows routes, and answers seem to come from the address that was asked', async () => {
    const server = await host.udp(ANY);
    server.onMessage((bytes, from) => server.send(bytes, from));
    const listener = await host.listen(ANY, (socket) => socket.end('mx'));
    const routed = realHost({
      resolvers: [],
      routes: {
        entries: [
          { from: { host: '10.0.0.53', port: 53 }, to: server.addr },
          { from: { host: 'mx.b.example', port: 25 }, to: listener.addr },
        ],
      },
    });
    const client = await routed.udp();
    expect(await answerOf(client, { host: '10.0.0.53', port: 53 }, 'q')).toBe('q from 10.0.0.53:53');
    expect(await read(await routed.dial({ host: 'MX.b.example', port: 25 }))).toBe('mx');
    await client.close();
    await server.close();
    await listener.close();
  });
});

describe('resolvers of the machine', () => {
  it('come from resolv.conf', () => {
    expect(
      parseResolvConf(
        '# nameserver 9.9.9.9\nsearch x\nnameserver 192.0.2.1\n nameserver fd00::1 # two\nnameserver x\n',
      ),
    ).toEqual([
      { host: '192.0.2.1', port: 53 },
      { host: 'fd00::1', port: 53 },
    ]);
    expect(systemResolvers('/nonexistent')).toEqual([]);
  });
});
