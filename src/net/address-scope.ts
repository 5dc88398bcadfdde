/**
 * How far an IP address reaches, so that a fetch of a foreign URL cannot be turned against our own network.
 *
 * @module
 */
import { BlockList } from 'node:net';
import { canonicalHost, ipVersion } from './address.ts';

export type Scope =
  | 'public'
  | 'unspecified'
  | 'loopback'
  | 'private'
  | 'shared'
  | 'link-local'
  | 'multicast'
  | 'documentation'
  | 'reserved';

/** IANA special-purpose address registries (RFC 6890 and its updates); the first list that matches decides. */
const TABLE: readonly [Scope, readonly string[]][] = [
  ['loopback', ['127.0.0.0/8', '::1/128']],
  ['unspecified', ['0.0.0.0/8', '::/128']],
  ['private', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fec0::/10']],
  ['shared', ['100.64.0.0/10']],
  ['link-local', ['169.254.0.0/16', 'fe80::/10']],
  ['multicast', ['224.0.0.0/4', 'ff00::/8']],
  ['documentation', ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20']],
  [
    'reserved',
    ['192.0.0.0/24', '192.88.99.0/24', '198.18.0.0/15', '240.0.0.0/4', '2001::/23', '100::/64', '5f00::/16'],
  ],
];

const lists: readonly [Scope, BlockList][] = TABLE.map(([scope, networks]) => {
  const list = new BlockList();
  for (const network of networks) {
    const [address, bits] = network.split('/');
    list.addSubnet(address!, Number(bits), ipVersion(address!) === 6 ? 'ipv6' : 'ipv4');
  }
  return [scope, list];
});

const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

/**
 * The scope of an IP literal. An IPv4 address inside an IPv6 one (mapped, NAT64, 6to4) has the scope of the IPv4
 * address, because that is where the packets go.
 *
 * @throws {TypeError} no IP literal
 */
export function scopeOf(host: string): Scope {
  const address = canonicalHost(host);
  const version = ipVersion(address);
  if (version === 0) throw new TypeError(`${host} is not an IP address`);
  const family = version === 6 ? 'ipv6' : 'ipv4';
  const inner = version === 6 ? embedded(address) : undefined;
  if (inner) return scopeOf(inner);
  for (const [scope, list] of lists) if (list.check(address, family)) return scope;
  return version === 4 || globalUnicast.check(address, 'ipv6') ? 'public' : 'reserved';
}

/** The IPv4 address inside `64:ff9b::/96` (RFC 6052) or `2002::/16` (RFC 3056). */
function embedded(address: string): string | undefined {
  const groups = groupsOf(address);
  const nat64 =
    groups[0] === 0x64 && groups[1] === 0xff9b && groups.slice(2, 6).every((group) => group === 0);
  const pair = nat64 ? groups.slice(6) : groups[0] === 0x2002 ? groups.slice(1, 3) : undefined;
  return pair?.flatMap((group) => [group >> 8, group & 0xff]).join('.');
}

/** The eight groups of a canonical IPv6 address. */
function groupsOf(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const text = dotted
    ? `${dotted[1]}${hex(Number(dotted[2]), Number(dotted[3]))}:${hex(Number(dotted[4]), Number(dotted[5]))}`
    : address;
  const [head = '', tail] = text.split('%')[0]!.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const gap = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array.from({ length: gap }, () => '0'), ...right].map((group) =>
    Number.parseInt(group, 16),
  );
}

const hex = (high: number, low: number): string => ((high << 8) | low).toString(16);
