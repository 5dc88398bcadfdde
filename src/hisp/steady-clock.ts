/**
 * A clock that never goes back, for queue and timers: what was due stays due when somebody sets the machine's clock
 * back, and nothing that ended begins again (hisp-behaviour §5).
 *
 * @module
 */
import type { Host } from '../net/host.ts';

/**
 * The host with such a clock. It goes with `mono`, and forward with the machine's clock (after a sleep, or a
 * correction); what the machine's clock falls behind is not followed.
 */
export function steadyHost(host: Host): Host {
  let base = host.now();
  let since = host.mono();
  const now = (): number => {
    const steady = base + (host.mono() - since);
    const wall = host.now();
    if (wall <= steady) return Math.floor(steady);
    base = wall;
    since = host.mono();
    return wall;
  };
  return {
    name: host.name,
    now,
    mono: () => host.mono(),
    timer: (ms, fire) => host.timer(ms, fire),
    hold: (work) => host.hold(work),
    dial: (to, options) => host.dial(to, options),
    listen: (at, onConnection) => host.listen(at, onConnection),
    udp: (at) => host.udp(at),
    random: host.random,
    get resolvers() {
      return host.resolvers;
    },
    events: host.events,
  };
}
