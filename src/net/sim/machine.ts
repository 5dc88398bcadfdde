/**
 * What a virtual machine owns: its addresses and the ports that are taken.
 *
 * @module
 */
import { canonicalHost, ipVersion, isLoopback, isWildcard } from '../address.ts';
import { type Addr, formatAddr, NetError } from '../host.ts';
import type { Random } from '../random.ts';

export interface Machine {
  readonly name: string;
  readonly addresses: readonly string[];
  /** The addresses that `at` stands for; several for a wildcard. @throws {NetError} unreachable */
  covers(at: Addr): string[];
  /** The address from which a packet to `to` starts. @throws {NetError} unreachable */
  sourceFor(to: string): string;
  freePort(taken: (port: number) => boolean): number;
}

export function createMachine(name: string, given: readonly string[], random: Random): Machine {
  const addresses = given.map(canonicalHost);
  for (const address of addresses)
    if (ipVersion(address) === 0) throw new TypeError(`${name}: ${address} is not an IP address`);
  return {
    name,
    addresses,
    covers(at) {
      const host = canonicalHost(at.host);
      if (isLoopback(host)) return [host];
      if (isWildcard(host)) {
        const version = host === '0.0.0.0' ? 4 : 0;
        const own = addresses.filter((address) => version === 0 || ipVersion(address) === version);
        return [...own, '127.0.0.1', ...(version === 0 ? ['::1'] : [])];
      }
      if (addresses.includes(host)) return [host];
      throw new NetError('unreachable', at, `not an address of ${name}`);
    },
    sourceFor(to) {
      if (isLoopback(to)) return to;
      const source = addresses.find((address) => ipVersion(address) === ipVersion(to));
      if (source === undefined)
        throw new NetError(
          'unreachable',
          { host: to, port: 0 },
          `${name} has no IPv${ipVersion(to)} address`,
        );
      return source;
    },
    freePort(taken) {
      const start = random.int(16_384);
      for (let step = 0; step < 16_384; step++) {
        const port = 49_152 + ((start + step) % 16_384);
        if (!taken(port)) return port;
      }
      throw new NetError('address-in-use', { host: addresses[0] ?? name, port: 0 }, 'no port is free');
    },
  };
}

/** Key of a port in the tables of the network; loopback addresses are private to their machine. */
export const portKey = (machine: Machine, addr: Addr): string =>
  isLoopback(addr.host) ? `${machine.name}!${formatAddr(addr)}` : formatAddr(addr);
