/**
 * Where the machines of a network stand: virtual ones, each with an address of its own and the ports of the field, or
 * all of them on this machine, each service on a port of its own.
 *
 * @module
 */
import { canonicalHost } from '../net/address.ts';
import { type Addr, type Host, NetError } from '../net/host.ts';
import type { SimNetwork } from '../net/sim/network.ts';

export interface Machine {
  readonly host: Host;
  /** As DNS publishes it. */
  readonly address: string;
  /** In simulations. */
  readonly address6?: string;
  /** Where the service that the field has on this port listens. */
  at(port: number): Addr;
}

export interface Ground {
  /** The machine of this name; made when first asked for. */
  machine(name: string): Machine;
  /** Milliseconds since 1970. */
  now(): number;
}

const FIXED: Readonly<Record<string, string>> = {
  tester: '10.0.0.2',
  dns: '10.0.0.53',
  dns2: '10.0.0.54',
  pki: '10.0.0.80',
  sut: '10.0.1.25',
  peer: '10.0.2.25',
  edge: '10.0.3.25',
};

/** Virtual machines on a virtual clock. All ask the machine `dns` for names. */
export function simulatedGround(network: SimNetwork): Ground {
  const made = new Map<string, Machine>();
  let others = 0;
  const make = (name: string): Machine => {
    const address = FIXED[name] ?? `10.1.${(others >> 8) & 255}.${others++ & 255}`;
    const address6 = canonicalHost(`fd00::${address.split('.').slice(1).join(':')}`);
    const host = network.host(name, {
      addresses: [address, address6],
      resolvers: [{ host: FIXED['dns']!, port: 53 }],
    });
    return { host, address, address6, at: (port) => ({ host: address, port }) };
  };
  return {
    now: network.clock.now,
    machine: (name) => {
      const machine = made.get(name) ?? make(name);
      made.set(name, machine);
      return machine;
    },
  };
}

/**
 * This machine. Services listen above `portBase`: 53, 80 and 25 above it where only one machine has them, the rest one
 * after another from 1000 above it.
 *
 * @param hostFor the host that a machine of this name works with
 */
export function localGround(options: {
  readonly address: string;
  /** To listen on, where that is another one. */
  readonly listen?: string;
  readonly portBase: number;
  readonly hostFor: (name: string) => Host;
}): Ground {
  const { address, portBase, listen = address } = options;
  const made = new Map<string, Machine>();
  const ports = new Map<string, number>();
  const named: Readonly<Record<string, number>> = { 'dns/53': 53, 'pki/80': 80, 'peer/25': 25 };
  const portOf = (service: string): number => {
    const known = ports.get(service) ?? portBase + (named[service] ?? 1000 + ports.size);
    if (known > 65_535)
      throw new NetError('permission', { host: address, port: known }, 'no port left above the base');
    ports.set(service, known);
    return known;
  };
  return {
    now: () => options.hostFor('dns').now(),
    machine: (name) => {
      const machine = made.get(name) ?? {
        host: options.hostFor(name),
        address,
        at: (port: number) => ({ host: listen, port: portOf(`${name}/${port}`) }),
      };
      made.set(name, machine);
      return machine;
    },
  };
}
