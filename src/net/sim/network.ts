/**
 * A network of virtual machines on one virtual clock, over real loopback sockets.
 *
 * Every party of a scenario runs in this process; between them go real bytes, but names, addresses, ports and time are
 * virtual. Nothing may be left unread for long, and what the network cannot see must be under `host.hold`.
 *
 * @module
 */
import { type Addr, formatAddr, type Host, type Observation } from '../host.ts';
import { seededRandom } from '../random.ts';
import type { SimClock } from './clock.ts';
import { createGround, type Ground } from './ground.ts';
import { virtualHost } from './host.ts';
import type { Link } from './link.ts';
import { createMachine } from './machine.ts';
import { type RunLimits, settle } from './settle.ts';

export type { SimClock } from './clock.ts';
export { SimLimit, SimStuck } from './errors.ts';
export type { Link } from './link.ts';
export type { RunLimits } from './settle.ts';

export interface SimNetworkOptions {
  /** The same seed gives the same ports, losses and `host.random`. */
  readonly seed: number | string;
  /** Where the clock starts, milliseconds since 1970 UTC. */
  readonly epoch: number;
  /** Gets what every host emits, with its name and the virtual time; returns the number of the event. */
  readonly sink: (host: string, observation: Observation, at: number) => number;
}

export interface SimNetwork {
  readonly clock: SimClock;
  /**
   * A machine with these addresses (`10.0.0.5`, `fd00::5`). Loopback addresses work too and are its own.
   *
   * @throws {TypeError} the name or an address is taken, or is no IP address
   */
  host(
    name: string,
    options: { readonly addresses: readonly string[]; readonly resolvers?: readonly Addr[] },
  ): Host;
  /** `from`: name of a host or `*`; `to`: an IP or `*`. Holds for datagrams and dials that start after it. */
  link(from: string, to: string, link: Link): void;
  /** As if the machine lost its power: its sockets, ports and timers are gone. Its name and addresses stay. */
  kill(host: string): Promise<void>;
  /**
   * Runs `work` to its end, moving virtual time whenever the network is idle.
   *
   * @throws {SimStuck} nothing can happen any more
   * @throws {SimLimit} the limit of virtual or of real time is used up
   */
  run<T>(work: () => Promise<T>, limits: RunLimits): Promise<T>;
  /** Closes every socket and takes back every timer. Whoever opens another one after that learns `unreachable`. */
  close(): Promise<void>;
  /** How many `hold`s are open now; for the test that finds work without one. */
  readonly holding: number;
  /** How often the clock has moved. */
  readonly advances: number;
  /** What was left unread and given up, in order: a sign that somebody does not read, or that a real wait hides. */
  readonly stalls: readonly string[];
}

export function simNetwork(options: SimNetworkOptions): SimNetwork {
  const ground = createGround(options.seed, options.epoch);
  let running = false;
  return {
    clock: { now: ground.clock.now },
    host(name, { addresses, resolvers = [] }) {
      const random = seededRandom(`${options.seed}/${name}`);
      const machine = createMachine(name, addresses, random.fork('ports'));
      assertFree(ground, name, machine.addresses);
      ground.machines.set(name, machine);
      const events = {
        emit: (observation: Observation) => options.sink(name, observation, ground.clock.now()),
      };
      return virtualHost(ground, machine, { random, resolvers, events, epoch: options.epoch });
    },
    link: ground.links.set,
    kill: (name) => shutDown(ground, (owner) => owner === name),
    async run(work, limits) {
      if (running) throw new TypeError('this network is running already');
      running = true;
      try {
        return await runToEnd(ground, work, limits);
      } finally {
        running = false;
      }
    },
    close() {
      ground.closed = true;
      return shutDown(ground, () => true);
    },
    get holding() {
      return ground.holds.size;
    },
    get advances() {
      return ground.clock.fired;
    },
    stalls: ground.stalls,
  };
}

async function runToEnd<T>(ground: Ground, work: () => Promise<T>, limits: RunLimits): Promise<T> {
  let ended = false;
  const end = () => {
    ended = true;
  };
  const result = work();
  result.then(end, end);
  await settle(ground, limits, () => ended);
  return result;
}

function assertFree(ground: Ground, name: string, addresses: readonly string[]): void {
  if (ground.machines.has(name)) throw new TypeError(`there is a host ${name} already`);
  for (const machine of ground.machines.values())
    for (const address of addresses)
      if (machine.addresses.includes(address))
        throw new TypeError(
          `${formatAddr({ host: address, port: 0 })} of ${name} belongs to ${machine.name}`,
        );
}

async function shutDown(ground: Ground, concerns: (owner: string) => boolean): Promise<void> {
  ground.clock.cancelAll(concerns);
  const closing: Promise<void>[] = [];
  for (const { near, far } of ground.connections)
    for (const end of [near, far]) if (concerns(end.host)) end.socket.destroy();
  for (const listener of new Set(ground.listeners.values()))
    if (concerns(listener.machine.name)) closing.push(listener.close());
  for (const udp of new Set(ground.udpPorts.values()))
    if (concerns(udp.machine.name)) closing.push(udp.port.close());
  await Promise.all(closing);
}
