import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { SimLimit, type SimNetwork, SimStuck } from '../../../src/net/sim/network.ts';
import { answering, EPOCH, LIMITS, quietNetwork, read, sleep } from './simulation.ts';

let network: SimNetwork;

afterEach(() => network.close());

const pair = () => {
  network = quietNetwork();
  return {
    server: network.host('server', { addresses: ['10.0.0.2'] }),
    client: network.host('client', { addresses: ['10.0.0.1'] }),
  };
};

describe('virtual time', () => {
  it('fires timers by time, then by order of setting, and not the cancelled', async () => {
    const { server, client } = pair();
    const order = await network.run(async () => {
      const fired: string[] = [];
      const note = (name: string) => () => void fired.push(`${name}@${client.now() - EPOCH}`);
      client.timer(30, note('c'));
      server.timer(10, note('a'));
      client.timer(10, note('b'));
      server.timer(20, note('gone'))();
      client.timer(10, () => {
        note('d')();
        client.timer(0, note('e'));
        server.timer(5, note('f'));
      });
      await sleep(client, 40);
      return fired;
    }, LIMITS);
    expect(order).toEqual(['a@10', 'b@10', 'd@10', 'e@10', 'f@15', 'c@30']);
  });

  it('years pass in milliseconds', async () => {
    const { client } = pair();
    const started = performance.now();
    const year = 365 * 86_400_000;
    await network.run(() => sleep(client, 10 * year), { virtualMs: 11 * year, realMs: 1000 });
    expect(client.now()).toBe(EPOCH + 10 * year);
    expect(performance.now() - started).toBeLessThan(200);
  });

  it('stands still while a peer works, however many turns that takes', async () => {
    const { server, client } = pair();
    await network.run(async () => {
      await server.listen(
        { host: '10.0.0.2', port: 7 },
        answering((text) => text),
      );
      const socket = await client.dial({ host: '10.0.0.2', port: 7 });
      client.timer(1, () => undefined);
      for (let i = 0; i < 200; i++) {
        socket.write(`${i}`);
        expect(await read(socket)).toBe(`${i}`);
      }
    }, LIMITS);
    expect(network.clock.now()).toBe(EPOCH);
  });

  it('waits for held work', async () => {
    const { client } = pair();
    const seen = await network.run(async () => {
      let fired = false;
      client.timer(1, () => {
        fired = true;
      });
      for (let i = 0; i < 20; i++) await client.hold(readFile(import.meta.filename));
      await client.hold(new Promise((done) => setTimeout(done, 60)));
      return fired;
    }, LIMITS);
    expect(seen).toBe(false);
    expect(network.holding).toBe(0);
  });

  it('held work that fails fails for its caller alone', async () => {
    const { client } = pair();
    const got = await network.run(
      () => client.hold(Promise.reject(new Error('disk'))).catch((error: Error) => error.message),
      LIMITS,
    );
    expect(got).toBe('disk');
  });

  it('moves on over bytes that nobody reads, and says so', async () => {
    const { server, client } = pair();
    const started = performance.now();
    await network.run(async () => {
      await server.listen({ host: '10.0.0.2', port: 7 }, (socket) => socket.pause());
      const socket = await client.dial({ host: '10.0.0.2', port: 7 });
      socket.write(new Uint8Array(300_000));
      await sleep(client, 1000);
    }, LIMITS);
    expect(network.stalls).toHaveLength(1);
    expect(network.stalls[0]).toMatch(
      /^server 10\.0\.0\.2:7 leaves unread \d+ bytes from client 10\.0\.0\.1:\d+$/,
    );
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('socket.setTimeout counts virtual time and starts anew with each byte', async () => {
    const { server, client } = pair();
    const times = await network.run(async () => {
      const seen: string[] = [];
      const note = (who: string) => () => void seen.push(`${who}@${client.now() - EPOCH}`);
      await server.listen({ host: '10.0.0.2', port: 7 }, (socket) => {
        socket.on('data', () => undefined);
        socket.setTimeout(1000, note('server'));
      });
      const socket = await client.dial({ host: '10.0.0.2', port: 7 });
      socket.setTimeout(5000);
      socket.on('timeout', note('client'));
      await sleep(client, 600);
      socket.write('x');
      await sleep(client, 2000);
      socket.setTimeout(0);
      await sleep(client, 20_000);
      return seen;
    }, LIMITS);
    expect(times).toEqual(['server@1600']);
  });
});

describe('the ends of a run', () => {
  it('returns at once when the work is done, whatever is still set', async () => {
    const { client } = pair();
    client.timer(1, () => undefined);
    expect(await network.run(async () => 42, LIMITS)).toBe(42);
    expect(network.clock.now()).toBe(EPOCH);
  });

  it('passes on what the work throws, and what a timer throws', async () => {
    const { client } = pair();
    await expect(network.run(() => Promise.reject(new Error('mine')), LIMITS)).rejects.toThrow('mine');
    const timed = network.run(async () => {
      client.timer(5, () => {
        throw new Error('in a timer');
      });
      await sleep(client, 10);
    }, LIMITS);
    await expect(timed).rejects.toThrow('in a timer');
  });

  it('stuck: names who waits for what', async () => {
    const { server, client } = pair();
    const stuck = await network
      .run(async () => {
        await server.listen({ host: '10.0.0.2', port: 25 }, (socket) => socket.on('data', () => undefined));
        const socket = await client.dial({ host: '10.0.0.2', port: 25 });
        socket.write('EHLO');
        return read(socket);
      }, LIMITS)
      .catch((error: unknown) => error);
    expect(stuck).toBeInstanceOf(SimStuck);
    expect((stuck as SimStuck).waits.map((line) => line.replace(/:[456]\d{4}/g, ':P'))).toEqual([
      'client 10.0.0.1:P waits for data from server 10.0.0.2:25 (so far 0 bytes read, 4 written)',
      'server 10.0.0.2:25 waits for data from client 10.0.0.1:P (so far 4 bytes read, 0 written)',
      'server 10.0.0.2:25 waits for connections',
    ]);
  });

  it('stuck without any socket', async () => {
    pair();
    await expect(network.run(() => new Promise(() => undefined), LIMITS)).rejects.toThrow(SimStuck);
  });

  it('limit of virtual time', async () => {
    const { client } = pair();
    const forever = async () => {
      for (;;) await sleep(client, 1000);
    };
    const error = await network
      .run(forever, { virtualMs: 60_000, realMs: 10_000 })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SimLimit);
    expect((error as SimLimit).code).toBe('virtual-time');
    expect(network.clock.now()).toBe(EPOCH + 60_000);
  });

  it.each([
    [
      'timers without end',
      (client: { timer: (ms: number, fire: () => void) => unknown }) =>
        new Promise(() => {
          const again = () => void client.timer(0, again);
          again();
        }),
    ],
    [
      'a hold that is never given back',
      (client: { hold: (work: Promise<unknown>) => Promise<unknown> }) =>
        client.hold(new Promise(() => undefined)),
    ],
  ])('limit of real time: %s', async (_what, work) => {
    const { client } = pair();
    const started = performance.now();
    const error = await network
      .run(() => work(client), { virtualMs: 60_000, realMs: 80 })
      .catch((caught: unknown) => caught);
    expect((error as SimLimit).code).toBe('real-time');
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('limit of real time: two that never stop talking', async () => {
    const { server, client } = pair();
    const error = await network
      .run(
        async () => {
          await server.listen(
            { host: '10.0.0.2', port: 7 },
            answering((text) => text),
          );
          const socket = await client.dial({ host: '10.0.0.2', port: 7 });
          answering((text) => text)(socket);
          socket.write('ping');
          return new Promise(() => undefined);
        },
        { virtualMs: 60_000, realMs: 80 },
      )
      .catch((caught: unknown) => caught);
    expect((error as SimLimit).code).toBe('real-time');
  });

  it('a second run goes on where the first ended; two at once are refused', async () => {
    const { client } = pair();
    await network.run(() => sleep(client, 10), LIMITS);
    const second = network.run(() => sleep(client, 10), LIMITS);
    await expect(network.run(() => sleep(client, 10), LIMITS)).rejects.toThrow('running already');
    await second;
    expect(network.clock.now()).toBe(EPOCH + 20);
  });
});
