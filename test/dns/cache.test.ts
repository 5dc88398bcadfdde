import { describe, expect, it } from 'vitest';
import { cachingResolver } from '../../src/dns/cache.ts';
import type { DnsAnswer, LookupType } from '../../src/dns/client.ts';

/** A resolver that counts, a clock that is set. */
function world(reply: Partial<DnsAnswer>) {
  let now = 0;
  let asked = 0;
  const base = { outcome: 'answer' as const, records: [], chain: [], exchanges: [], ttl: 60 };
  const cache = cachingResolver(
    { mono: () => now },
    {
      async query(name, type) {
        asked += 1;
        return { ...base, name, type, ...reply };
      },
    },
  );
  return {
    cache,
    ask: (name = 'b.example', type: LookupType = 'MX') => cache.query(name, type),
    goTo: (seconds: number) => {
      now = seconds * 1000;
    },
    asked: () => asked,
  };
}

describe('a resolver that remembers', () => {
  it.each([
    ['an answer for its time to live', { ttl: 60 }, 60],
    ['an answer for an hour at most', { ttl: 86_400 }, 3600],
    ['that a name does not exist for as long as the zone says', { outcome: 'nxdomain', ttl: 30 }, 30],
    ['that there is nothing for five minutes at most', { outcome: 'nodata', ttl: 86_400 }, 300],
  ] as const)('keeps %s', async (_, reply, seconds) => {
    const { ask, goTo, asked } = world(reply);
    const first = await ask();
    goTo(seconds - 0.001);
    expect(await ask()).toEqual(first);
    expect(asked()).toBe(1);
    goTo(seconds);
    await ask();
    expect(asked()).toBe(2);
  });

  it.each([
    ['a failure', { outcome: 'unknown', ttl: 0 }],
    ['what may not be kept', { ttl: 0 }],
    ['an absence without a SOA', { outcome: 'nxdomain', ttl: 0 }],
  ] as const)('does not keep %s', async (_, reply) => {
    const { ask, asked } = world(reply);
    await ask();
    await ask();
    expect(asked()).toBe(2);
  });

  it('takes names in any case and each type by itself', async () => {
    const { ask, asked } = world({});
    await ask('B.example');
    expect((await ask('b.EXAMPLE')).name).toBe('b.EXAMPLE');
    expect(asked()).toBe(1);
    await ask('b.example', 'A');
    expect(asked()).toBe(2);
  });

  it('forgets all when it is told to', async () => {
    const { ask, asked, cache } = world({});
    await ask();
    cache.flush();
    await ask();
    expect(asked()).toBe(2);
  });

  it('forgets the oldest when there is too much', async () => {
    const payload = new Uint8Array(4 << 20);
    const data = { type: 'CERT', certType: 1, keyTag: 0, algorithm: 0, payload } as const;
    const { ask, asked } = world({ records: [{ name: 'b.example', ttl: 60, data }] });
    for (const name of ['a.example', 'b.example', 'b.example', 'a.example']) await ask(name, 'CERT');
    expect(asked()).toBe(3);
  });
});
