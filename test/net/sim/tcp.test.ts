import { afterEach, describe, expect, it } from 'vitest';
import type { NetError } from '../../../src/net/host.ts';
import type { SimNetwork } from '../../../src/net/sim/network.ts';
import { answering, EPOCH, LIMITS, quietNetwork, read, sleep } from './simulation.ts';

let network: SimNetwork;

afterEach(() => network.close());

const pair = (options: { v6?: boolean } = {}) => {
  network = quietNetwork();
  const server = network.host('server', { addresses: ['10.0.0.2', ...(options.v6 ? ['fd00::2'] : [])] });
  const client = network.host('client', { addresses: ['10.0.0.1', ...(options.v6 ? ['fd00::1'] : [])] });
  return { server, client };
};

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'connected',
    (error: NetError) => error.code,
  );

describe('TCP between virtual hosts', () => {
  it('carries bytes both ways and shows virtual addresses at both ends', async () => {
    const { server, client } = pair();
    const result = await network.run(async () => {
      await server.listen(
        { host: '10.0.0.2', port: 25 },
        answering(
          (text, socket) =>
            `${text} from ${socket.remoteAddress} at ${socket.localAddress}:${socket.localPort}`,
        ),
      );
      const socket = await client.dial({ host: '10.0.0.2', port: 25 });
      socket.write('hello');
      const answer = await read(socket);
      const shown = `${socket.remoteAddress}:${socket.remotePort} ${socket.localAddress} ${socket.remoteFamily}`;
      socket.destroy();
      return { answer, shown };
    }, LIMITS);
    expect(result).toEqual({
      answer: 'hello from 10.0.0.1 at 10.0.0.2:25',
      shown: '10.0.0.2:25 10.0.0.1 IPv4',
    });
    expect(network.clock.now()).toBe(EPOCH);
    expect(network.stalls).toEqual([]);
  });

  it('a server may speak first', async () => {
    const { server, client } = pair();
    const greeting = await network.run(async () => {
      await server.listen({ host: '0.0.0.0', port: 25 }, (socket) => socket.write('220 ready\r\n'));
      return read(await client.dial({ host: '10.0.0.2', port: 25 }));
    }, LIMITS);
    expect(greeting).toBe('220 ready\r\n');
  });

  it('takes IPv6 in any spelling', async () => {
    const { server, client } = pair({ v6: true });
    const answer = await network.run(async () => {
      await server.listen(
        { host: 'fd00::2', port: 389 },
        answering((_text, socket) => `${socket.remoteAddress}`),
      );
      const socket = await client.dial({ host: 'FD00:0:0::0002', port: 389 });
      socket.write('?');
      return read(socket);
    }, LIMITS);
    expect(answer).toBe('fd00::1');
  });

  it('keeps loopback to each machine', async () => {
    const { server, client } = pair();
    const codes = await network.run(async () => {
      await server.listen({ host: '127.0.0.1', port: 80 }, () => undefined);
      return [
        await codeOf(server.dial({ host: '127.0.0.1', port: 80 })),
        await codeOf(client.dial({ host: '127.0.0.1', port: 80 })),
        await codeOf(client.dial({ host: '10.0.0.2', port: 80 })),
      ];
    }, LIMITS);
    expect(codes).toEqual(['connected', 'refused', 'refused']);
  });

  it.each([
    ['a listener', { host: '10.0.0.2', port: 80 }, 'connected', 0],
    ['no listener on that port', { host: '10.0.0.2', port: 81 }, 'refused', 0],
    ['an address that nobody has', { host: '10.9.9.9', port: 80 }, 'timeout', 4000],
    ['a host by its name', { host: 'server', port: 80 }, 'connected', 0],
    ['a name that nobody has', { host: 'mx.example', port: 80 }, 'unreachable', 0],
    ['another family than its own', { host: 'fd00::2', port: 80 }, 'unreachable', 0],
  ])('a dial to %s', async (_what, to, code, tookMs) => {
    const { server, client } = pair();
    const got = await network.run(async () => {
      await server.listen({ host: '10.0.0.2', port: 80 }, () => undefined);
      return codeOf(client.dial(to, { deadlineMs: 4000 }));
    }, LIMITS);
    expect([got, network.clock.now() - EPOCH]).toEqual([code, tookMs]);
  });

  it.each([
    ['refuse', { refuse: true }, 'refused', 0],
    ['blackhole', { blackhole: true }, 'timeout', 4000],
    ['delay', { delayMs: 70 }, 'connected', 140],
    ['a delay beyond the deadline', { delayMs: 3000 }, 'timeout', 4000],
    ['loss (TCP repeats)', { loss: 1 }, 'connected', 0],
  ])('a link with %s', async (_what, link, code, tookMs) => {
    const { server, client } = pair();
    network.link('client', '10.0.0.2', link);
    const got = await network.run(async () => {
      await server.listen({ host: '10.0.0.2', port: 80 }, () => undefined);
      return codeOf(client.dial({ host: '10.0.0.2', port: 80 }, { deadlineMs: 4000 }));
    }, LIMITS);
    expect([got, network.clock.now() - EPOCH]).toEqual([code, tookMs]);
  });

  it('a slow link delays data both ways, and its end', async () => {
    const { server, client } = pair();
    network.link('*', '10.0.0.2', { delayMs: 100 });
    const times = await network.run(async () => {
      await server.listen({ host: '10.0.0.2', port: 80 }, (socket) =>
        socket.on('data', () => socket.end(`${socket.remoteAddress}`)),
      );
      const socket = await client.dial({ host: '10.0.0.2', port: 80 });
      const dialled = client.mono();
      socket.write('?');
      const answer = await read(socket);
      const answered = client.mono();
      await new Promise((done) => socket.once('close', done));
      return { answer, dialled, answered, closed: client.mono() };
    }, LIMITS);
    expect(times).toEqual({ answer: '10.0.0.1', dialled: 200, answered: 400, closed: 400 });
  });

  it('refuses a port that is taken and an address of another', async () => {
    const { server } = pair();
    const codes = await network.run(async () => {
      const first = await server.listen({ host: '0.0.0.0', port: 80 }, () => undefined);
      const taken = await codeOf(server.listen({ host: '10.0.0.2', port: 80 }, () => undefined));
      await first.close();
      return [
        taken,
        await codeOf(server.listen({ host: '10.0.0.2', port: 80 }, () => undefined)),
        await codeOf(server.listen({ host: '10.0.0.1', port: 80 }, () => undefined)),
      ];
    }, LIMITS);
    expect(codes).toEqual(['address-in-use', 'connected', 'unreachable']);
  });

  it('closing a listener ends its connections', async () => {
    const { server, client } = pair();
    const seen = await network.run(async () => {
      const listener = await server.listen({ host: '10.0.0.2', port: 80 }, () => undefined);
      const socket = await client.dial({ host: '10.0.0.2', port: 80 });
      const ending = read(socket);
      await listener.close();
      return [await ending, await codeOf(client.dial({ host: '10.0.0.2', port: 80 }))];
    }, LIMITS);
    expect(seen).toEqual(['', 'refused']);
  });

  it('killing a host ends its sockets and timers, and its port can be taken again', async () => {
    const { server, client } = pair();
    let fired = false;
    const seen = await network.run(async () => {
      server.timer(10, () => {
        fired = true;
      });
      await server.listen({ host: '10.0.0.2', port: 80 }, () => undefined);
      const socket = await client.dial({ host: '10.0.0.2', port: 80 });
      const ending = read(socket);
      await network.kill('server');
      const answer = [await ending, await codeOf(client.dial({ host: '10.0.0.2', port: 80 }))];
      await sleep(client, 100);
      await server.listen({ host: '10.0.0.2', port: 80 }, () => undefined);
      return [...answer, await codeOf(client.dial({ host: '10.0.0.2', port: 80 }))];
    }, LIMITS);
    expect(seen).toEqual(['', 'refused', 'connected']);
    expect(fired).toBe(false);
  });

  it('megabytes go through in no virtual time', async () => {
    const { server, client } = pair();
    const size = 8 << 20;
    const got = await network.run(async () => {
      let bytes = 0;
      const all = new Promise<number>((done) => {
        void server.listen({ host: '10.0.0.2', port: 80 }, (socket) => {
          socket.on('data', (chunk) => {
            bytes += chunk.length;
          });
          socket.on('end', () => done(bytes));
        });
      });
      await sleep(client, 1);
      client.timer(5, () => undefined);
      const socket = await client.dial({ host: '10.0.0.2', port: 80 });
      socket.end(Buffer.alloc(size));
      return all;
    }, LIMITS);
    expect(got).toBe(size);
    expect(network.clock.now() - EPOCH).toBe(1);
  });

  it('opens nothing once the network is closed, for nobody would end it', async () => {
    const { client } = pair();
    await network.close();
    const at = { host: '10.0.0.1', port: 53 };
    expect(await codeOf(client.dial(at))).toBe('unreachable');
    expect(await codeOf(client.listen(at, () => undefined))).toBe('unreachable');
    expect(await codeOf(client.udp(at))).toBe('unreachable');
    expect(await codeOf(client.udp())).toBe('unreachable');
  });
});
