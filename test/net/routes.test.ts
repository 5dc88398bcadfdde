import { describe, expect, it } from 'vitest';
import { canonicalHost, isLoopback, isWildcard } from '../../src/net/address.ts';
import { formatAddr } from '../../src/net/host.ts';
import { type Routes, routed } from '../../src/net/routes.ts';

const at = (text: string) => {
  const [, host, port] = /^(.*):(\d+)$/.exec(text)!;
  return { host: host!, port: Number(port) };
};

const table: Routes = {
  entries: [
    ['mx.b.example:25', '127.0.0.1:2526'],
    ['*:25', '127.0.0.1:2500'],
    ['10.0.0.9:0', '127.0.0.9:0'],
    ['fd00::5:389', '127.0.0.1:3890'],
  ].map(([from, to]) => ({ from: at(from!), to: at(to!) })),
};

describe('routes', () => {
  it.each([
    ['mx.b.example:25', '127.0.0.1:2526'],
    ['MX.B.example:25', '127.0.0.1:2526'],
    ['mx.b.example:26', 'mx.b.example:26'],
    ['mx.c.example:25', '127.0.0.1:2500'],
    ['10.0.0.9:53', '127.0.0.9:53'],
    ['10.0.0.9:25', '127.0.0.9:25'],
    ['FD00:0::5:389', '127.0.0.1:3890'],
    ['192.0.2.7:80', '192.0.2.7:80'],
  ])('%s → %s', (from, to) => {
    expect(routed(table, at(from))).toEqual(at(to));
  });
});

describe('addresses', () => {
  it.each([
    ['FD00:0:0:0::1', 'fd00::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['192.0.2.1', '192.0.2.1'],
    ['Name.Example', 'name.example'],
  ])('%s is written %s', (given, canonical) => {
    expect(canonicalHost(given)).toBe(canonical);
  });

  it('knows loopback and wildcard', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1', '10.0.0.1', '::'].map(isLoopback)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(['0.0.0.0', '::', '::1'].map(isWildcard)).toEqual([true, true, false]);
    expect(formatAddr({ host: '::1', port: 53 })).toBe('[::1]:53');
  });
});
