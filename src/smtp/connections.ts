/**
 * The open connections of a receiver: how many there may be, and who gives way.
 *
 * Clients that connect and say nothing, or an octet a minute, must not keep others out. So a full receiver dismisses
 * the connection that came no further for longest, and turns a new one away only when all of them get on.
 *
 * @module
 */
import type { Host } from '../net/host.ts';
import type { ReceiverLimits } from './limits.ts';
import type { ServerSession } from './session.ts';

export interface Connections {
  /** Whether one more may come from this address, after one has been dismissed where need be. */
  room(peer: string): boolean;
  opened(
    peer: string,
    session: Pick<ServerSession, 'dismiss'>,
  ): {
    /** It got on: a reply was given, or much was read. */
    progress(): void;
    closed(): void;
  };
  /** Dismisses all and resolves when the last is gone. */
  dismissAll(text: string): Promise<void>;
}

interface Open {
  readonly peer: string;
  readonly session: Pick<ServerSession, 'dismiss'>;
  at: number;
}

export function trackConnections(
  host: Pick<Host, 'mono'>,
  limits: Pick<ReceiverLimits, 'connections' | 'connectionsPerPeer' | 'patienceMs'>,
): Connections {
  // A set keeps the order in which it was filled, and who gets on is put in anew: the first one waited longest.
  const all = new Set<Open>();
  const byPeer = new Map<string, Set<Open>>();
  // Who was told to go counts no more, though its socket may linger.
  const going = new Set<Open>();
  let empty: (() => void) | undefined;

  const leave = (one: Open): void => {
    all.delete(one);
    const same = byPeer.get(one.peer);
    same?.delete(one);
    if (same?.size === 0) byPeer.delete(one.peer);
  };
  const gaveWay = (from: Iterable<Open>): boolean => {
    const [first] = from;
    if (!first || host.mono() - first.at < limits.patienceMs) return false;
    leave(first);
    going.add(first);
    first.session.dismiss('4.3.2 Too many connections, and this one rests');
    return true;
  };
  return {
    room(peer) {
      const same = byPeer.get(peer);
      if (same && same.size >= limits.connectionsPerPeer) return gaveWay(same);
      return all.size < limits.connections || gaveWay(all);
    },
    opened(peer, session) {
      const one: Open = { peer, session, at: host.mono() };
      const same = byPeer.get(peer) ?? new Set();
      byPeer.set(peer, same.add(one));
      all.add(one);
      return {
        progress() {
          one.at = host.mono();
          if (!all.delete(one)) return;
          all.add(one);
          const mine = byPeer.get(peer);
          mine?.delete(one);
          mine?.add(one);
        },
        closed() {
          leave(one);
          going.delete(one);
          if (all.size + going.size === 0) empty?.();
        },
      };
    },
    async dismissAll(text) {
      if (all.size + going.size === 0) return;
      const gone = new Promise<void>((resolve) => {
        empty = resolve;
      });
      for (const { session } of [...all]) session.dismiss(text);
      await gone;
    },
  };
}
