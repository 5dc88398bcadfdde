/**
 * A virtual machine as a `Host`.
 *
 * @module
 */
import { type Addr, type Host, NetError, type Sink } from '../host.ts';
import type { Random } from '../random.ts';
import type { Ground, Hold } from './ground.ts';
import type { Machine } from './machine.ts';
import { dialVirtual, listenVirtual } from './tcp.ts';
import { udpVirtual } from './udp.ts';

export interface VirtualHostOptions {
  readonly random: Random;
  readonly resolvers: readonly Addr[];
  readonly events: Sink;
  readonly epoch: number;
}

export function virtualHost(ground: Ground, machine: Machine, options: VirtualHostOptions): Host {
  const { random, resolvers, events, epoch } = options;
  /** A search that is cut off by the end of the network tries its next server; no timer would ever end that wait. */
  const opens = async <T>(at: Addr, work: () => Promise<T>): Promise<T> => {
    if (ground.closed) throw new NetError('unreachable', at, 'the network is closed');
    return work();
  };
  return {
    name: machine.name,
    now: ground.clock.now,
    mono: () => ground.clock.now() - epoch,
    timer: (ms, fire) => ground.clock.set(machine.name, ms, fire),
    hold: (work) => hold(ground, machine.name, work),
    dial: (to, dialOptions) =>
      opens(to, () => dialVirtual(ground, machine, to, dialOptions?.deadlineMs ?? 10_000)),
    listen: (at, onConnection) => opens(at, () => listenVirtual(ground, machine, at, onConnection)),
    udp: (at) => opens(at ?? { host: '::', port: 0 }, () => udpVirtual(ground, machine, at)),
    random,
    resolvers,
    events,
  };
}

/** The clock waits for `work`; which is returned itself, so that its failure is its caller's to handle. */
function hold<T>(ground: Ground, owner: string, work: Promise<T>): Promise<T> {
  const place = new Error('hold');
  const open: Hold = {
    owner,
    get stack() {
      return callerOf(place.stack ?? '');
    },
  };
  const release = () => {
    ground.holds.delete(open);
    ground.touch();
  };
  ground.holds.add(open);
  ground.touch();
  work.then(release, release);
  return work;
}

/** The first line of a stack that is not of this folder. */
const callerOf = (stack: string): string =>
  stack
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .find((line) => !/\/net\/sim\//.test(line)) ?? 'somewhere';
