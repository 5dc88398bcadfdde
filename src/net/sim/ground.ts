/**
 * What all parts of one simulated network share.
 *
 * @module
 */
import { canonicalHost, isLoopback } from '../address.ts';
import type { Addr, UdpPort } from '../host.ts';
import { type Random, seededRandom } from '../random.ts';
import { type TimerQueue, timerQueue } from './clock.ts';
import type { Connection } from './connection.ts';
import { createLinks, type Links } from './link.ts';
import type { LoopbackListener } from './loopback.ts';
import type { Machine } from './machine.ts';
import { createWire, type Wire } from './wire.ts';

export interface VirtualListener {
  readonly machine: Machine;
  readonly addr: Addr;
  readonly loopback: LoopbackListener;
  readonly accept: (connection: Connection) => void;
  close(): Promise<void>;
}

export interface VirtualUdp {
  readonly machine: Machine;
  readonly port: UdpPort;
  /** Real port on loopback, once it is bound. */
  readonly realPort: number | undefined;
  /** The next datagram from this real port is the one that the wire carries. */
  expect(arrival: Arrival): void;
}

/** The datagram that is crossing. */
export interface Arrival {
  readonly from: Addr;
  /** The address that the sender meant. */
  readonly to: Addr;
  /** Port of the sender on loopback: other programs may knock too. */
  readonly realPort: number;
  readonly done: () => void;
}

export interface Hold {
  readonly owner: string;
  /** Where it was opened. */
  readonly stack: string;
}

export interface Ground {
  readonly clock: TimerQueue;
  readonly wire: Wire;
  readonly links: Links;
  readonly chance: Random;
  readonly machines: Map<string, Machine>;
  readonly connections: Set<Connection>;
  readonly listeners: Map<string, VirtualListener>;
  readonly udpPorts: Map<string, VirtualUdp>;
  readonly holds: Set<Hold>;
  /** Opening and closing of real sockets that is under way. */
  opening: number;
  /** For good: nothing can be opened any more. */
  closed: boolean;
  /** Bytes, datagrams and connects that did not arrive in time and were given up, as lines for a person. */
  readonly stalls: string[];
  /** Something happened: the network is not idle yet. */
  touch(): void;
  readonly touches: number;
  nextConnection(): number;
}

export function createGround(seed: number | string, epoch: number): Ground {
  let touches = 0;
  let connectionIds = 0;
  const touch = () => {
    touches++;
  };
  return {
    clock: timerQueue(epoch, touch),
    wire: createWire(touch),
    links: createLinks(),
    chance: seededRandom(`${seed}/network`),
    machines: new Map(),
    connections: new Set(),
    listeners: new Map(),
    udpPorts: new Map(),
    holds: new Set(),
    opening: 0,
    closed: false,
    stalls: [],
    touch,
    get touches() {
      return touches;
    },
    nextConnection: () => ++connectionIds,
  };
}

/** The machine that has an address; loopback is the asker itself. */
export function ownerOf(ground: Ground, asker: Machine, address: string): Machine | undefined {
  if (isLoopback(address)) return asker;
  for (const machine of ground.machines.values()) if (machine.addresses.includes(address)) return machine;
  return undefined;
}

/** An IP literal as it is, the name of a machine of this network as its first address. */
export function literalOf(ground: Ground, host: string): string {
  return ground.machines.get(host)?.addresses[0] ?? canonicalHost(host);
}

/** Counts `work` as under way on the network. */
export async function opening<T>(ground: Ground, work: Promise<T>): Promise<T> {
  ground.opening++;
  ground.touch();
  try {
    return await work;
  } finally {
    ground.opening--;
    ground.touch();
  }
}
