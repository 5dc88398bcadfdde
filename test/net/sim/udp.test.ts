import { afterEach, describe, expect, it } from 'vitest';
import { type Addr, formatAddr, type Host, type UdpPort } from '../../../src/net/host.ts';
import type { Link, SimNetwork } from '../../../src/net/sim/network.ts';
import { EPOCH, LIMITS, quietNetwork } from './simulation.ts';

let network: SimNetwork;

afterEach(() => network.close());

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** Sends one datagram and waits for the answer for 3 s. */
const ask = (host: Host, port: UdpPort, to: Addr, question: Uint8Array): Promise<string> =>
  new Promise((resolve) => {
    const cancel = host.timer(3000, () => resolve('silence'));
    port.onMessage((bytes, from) => {
      cancel();
      resolve(`${text(bytes)} from ${formatAddr(from)}`);
    });
    port.send(question, to);
  });

const setUp = async (at: Addr = { host: '10.0.0.53', port: 53 }) => {
  network = quietNetwork();
  const dns = network.host('dns', { addresses: ['10.0.0.53', '10.0.0.54', 'fd00::53'] });
  const client = network.host('client', { addresses: ['10.0.0.1', 'fd00::1'] });
  const port = await dns.udp(at);
  port.onMessage((bytes, from) => port.send(Buffer.from(`${from.host}/${bytes.length}`), from));
  return client;
};

describe('datagrams between virtual hosts', () => {
  it('arrive with the virtual address of their sender', async () => {
    const client = await setUp();
    const answer = await network.run(
      async () => ask(client, await client.udp(), { host: '10.0.0.53', port: 53 }, Buffer.from('q')),
      LIMITS,
    );
    expect(answer).toBe('10.0.0.1/1 from 10.0.0.53:53');
    expect(network.clock.now()).toBe(EPOCH);
  });

  it.each(['10.0.0.54', 'fd00::53'])('an answer starts from where the question went: %s', async (address) => {
    const client = await setUp({ host: '::', port: 53 });
    const answer = await network.run(
      async () => ask(client, await client.udp(), { host: address, port: 53 }, Buffer.from('q')),
      LIMITS,
    );
    expect(answer).toMatch(new RegExp(`^(10\\.0\\.0|fd00:)[.:]1/1 from \\[?${address}\\]?:53$`));
  });

  it.each<[string, string, Link, number, string, number]>([
    ['large ones pass without a link', 'client', {}, 9000, '10.0.0.1/9000', 0],
    ['too large for IPv4', 'client', {}, 65_508, 'silence', 3000],
    ['at the limit of the path', 'client', { dropUdpOver: 512 }, 512, '10.0.0.1/512', 0],
    ['over the limit of the path', 'client', { dropUdpOver: 512 }, 513, 'silence', 3000],
    ['an answer over the limit of the path', '*', { dropUdpOver: 5 }, 5, 'silence', 3000],
    ['all lost', 'client', { loss: 1 }, 10, 'silence', 3000],
    ['black hole', 'client', { blackhole: true }, 10, 'silence', 3000],
    ['delay', 'client', { delayMs: 250 }, 10, '10.0.0.1/10', 500],
  ])('%s', async (_what, from, link, size, answer, tookMs) => {
    const client = await setUp();
    network.link(from, '10.0.0.53', link);
    const got = await network.run(
      async () => ask(client, await client.udp(), { host: '10.0.0.53', port: 53 }, new Uint8Array(size)),
      LIMITS,
    );
    expect(got.replace(' from 10.0.0.53:53', '')).toBe(answer);
    expect(network.clock.now() - EPOCH).toBe(tookMs);
  });

  it('loss takes the same datagrams for the same seed, about the part that was asked', async () => {
    const counts = async () => {
      const client = await setUp();
      network.link('client', '10.0.0.53', { loss: 0.3 });
      const answers = await network.run(async () => {
        const port = await client.udp();
        const got: string[] = [];
        for (let i = 1; i <= 200; i++) {
          const answer = await ask(client, port, { host: '10.0.0.53', port: 53 }, new Uint8Array(i));
          if (answer !== 'silence') got.push(answer);
        }
        return got;
      }, LIMITS);
      await network.close();
      return answers;
    };
    const first = await counts();
    expect(await counts()).toEqual(first);
    // Question and answer must both come through: 0.7² of 200.
    expect(first.length).toBeGreaterThan(70);
    expect(first.length).toBeLessThan(126);
  });

  it('many at once keep their order', async () => {
    const client = await setUp();
    const order = await network.run(async () => {
      const port = await client.udp();
      const got: string[] = [];
      const all = new Promise<void>((done) => {
        port.onMessage((bytes) => {
          got.push(text(bytes));
          if (got.length === 500) done();
        });
      });
      for (let i = 1; i <= 500; i++) port.send(new Uint8Array(i), { host: '10.0.0.53', port: 53 });
      await all;
      return got;
    }, LIMITS);
    expect(order).toEqual(Array.from({ length: 500 }, (_, i) => `10.0.0.1/${i + 1}`));
  });

  it('a port that is taken is refused, a closed one is free again, and to nobody is silence', async () => {
    const client = await setUp();
    const seen = await network.run(async () => {
      const first = await client.udp({ host: '10.0.0.1', port: 5000 });
      const taken = await client.udp({ host: '0.0.0.0', port: 5000 }).catch((error: Error) => error.message);
      await first.close();
      const second = await client.udp({ host: '10.0.0.1', port: 5000 });
      return [taken, await ask(client, second, { host: '10.0.0.77', port: 53 }, new Uint8Array(1))];
    }, LIMITS);
    expect(seen).toEqual(['0.0.0.0:5000: address is in use by another program', 'silence']);
  });
});
