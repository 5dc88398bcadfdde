/**
 * The machine that we run on, as a `Host`.
 *
 * @module
 */
import { type Addr, type Cancel, type Host, noEvents, type Sink } from './host.ts';
import { type Random, systemRandom } from './random.ts';
import { dialReal, listenReal } from './real-tcp.ts';
import { openUdp } from './real-udp.ts';
import { systemResolvers } from './resolv-conf.ts';
import { noRoutes, type Routes } from './routes.ts';

export interface RealHostOptions {
  /** Name in the evidence; default `local`. */
  readonly name?: string;
  /** Recursive name servers; default: those of /etc/resolv.conf, which may be none. */
  readonly resolvers?: readonly Addr[];
  readonly events?: Sink;
  readonly routes?: Routes;
  readonly random?: Random;
  /** Lets several processes share one UDP port (SO_REUSEPORT), for a server of several workers. */
  readonly reusePort?: boolean;
}

/** Longest delay that Node's timers take: about 24.8 days. */
const LONGEST_MS = 0x7fff_ffff;

export function realHost(options: RealHostOptions = {}): Host {
  const routes = options.routes ?? noRoutes;
  let resolvers = options.resolvers;
  return {
    name: options.name ?? 'local',
    now: () => Date.now(),
    mono: () => performance.now(),
    timer,
    hold: (work) => work,
    dial: (to, dialOptions) => dialReal(to, dialOptions?.deadlineMs ?? 10_000, routes),
    listen: listenReal,
    udp: (at) => openUdp(at, routes, options.reusePort ?? false),
    random: options.random ?? systemRandom(),
    get resolvers() {
      resolvers ??= systemResolvers();
      return resolvers;
    },
    events: options.events ?? noEvents,
  };
}

function timer(ms: number, fire: () => void): Cancel {
  let handle: NodeJS.Timeout;
  const wait = (left: number) => {
    handle = setTimeout(
      () => (left > LONGEST_MS ? wait(left - LONGEST_MS) : fire()),
      Math.min(left, LONGEST_MS),
    );
  };
  wait(Math.max(0, ms));
  return () => clearTimeout(handle);
}
