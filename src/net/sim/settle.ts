/**
 * The rule of the clock: it moves only when nothing is under way.
 *
 * After each turn of the event loop everything that moves is looked at: bytes written and not yet read, connects,
 * datagrams, closes, holds. When three turns in a row have changed nothing and nothing is under way, exactly one timer
 * fires, and it settles again. What a peer leaves unread is given up after a while, recorded, and the clock may move.
 *
 * @module
 */
import { formatAddr } from '../host.ts';
import { type Connection, describe, isQuiet, moved, type Unread, underWay } from './connection.ts';
import { SimLimit, SimStuck } from './errors.ts';
import type { Ground } from './ground.ts';

export interface RunLimits {
  readonly virtualMs: number;
  readonly realMs: number;
}

/** Turns that must change nothing before the clock moves. */
const QUIET_TURNS = 3;
/** Unread bytes are given up after so many turns and so much real time without a change. */
const STALLED_TURNS = 50;
const STALLED_MS = 20;
/** A peer that reads gets longer: then it is this machine that is slow, not the peer that is unwilling. */
const WILLING_MS = 250;
/** What crosses the wire is read by us at once, so only the machine can be slow. */
const CROSSING_MS = 2000;
/** After so many quiet turns on a hold the loop naps, so that the held work gets the processor. */
const NAP_AFTER_TURNS = 200;
/** The limit of real time is looked at this often. */
const LIMIT_CHECK_TURNS = 32;

/** Moves the clock until `ended()`; resolves then, or rejects with SimStuck, SimLimit or what a timer threw. */
export function settle(ground: Ground, limits: RunLimits, ended: () => boolean): Promise<void> {
  const lastInstant = ground.clock.now() + limits.virtualMs;
  const started = performance.now();
  let turns = 0;
  let seen = -1;
  let quiet = 0;
  let quietSince = started;

  return new Promise((resolve, reject) => {
    const turn = () => {
      try {
        if (ended()) resolve();
        else if (step()) setImmediate(turn);
        else setTimeout(turn, 1);
      } catch (error) {
        reject(error);
      }
    };

    /** True: look again at the next turn; false: after a nap. */
    const step = (): boolean => {
      if (++turns % LIMIT_CHECK_TURNS === 0 && performance.now() - started > limits.realMs)
        throw new SimLimit('real-time', limits.realMs, waits(ground));
      const now = progress(ground);
      if (now !== seen) {
        seen = now;
        quiet = 0;
        return true;
      }
      quiet++;
      if (quiet < QUIET_TURNS) return true;
      if (quiet === QUIET_TURNS) quietSince = performance.now();
      if (ground.holds.size > 0 || ground.opening > 0) return quiet < NAP_AFTER_TURNS;
      if (ground.wire.busy || !allQuiet(ground)) {
        if (quiet >= STALLED_TURNS) giveUp(ground, performance.now() - quietSince);
        return quiet < NAP_AFTER_TURNS;
      }
      return advance();
    };

    const advance = (): boolean => {
      const next = ground.clock.next();
      if (!next) {
        // Nothing of ours can happen; what the network cannot see gets as long as a stalled peer.
        if (quiet < STALLED_TURNS || performance.now() - quietSince < STALLED_MS)
          return quiet < NAP_AFTER_TURNS;
        throw new SimStuck(waits(ground));
      }
      if (next.at > lastInstant) throw new SimLimit('virtual-time', limits.virtualMs, waits(ground));
      ground.clock.advance();
      quiet = 0;
      return true;
    };

    setImmediate(turn);
  });
}

/** Grows with everything that happens. */
function progress(ground: Ground): number {
  let sum = ground.touches;
  for (const connection of ground.connections) sum += moved(connection);
  return sum;
}

function allQuiet(ground: Ground): boolean {
  for (const connection of ground.connections) if (!isQuiet(connection)) return false;
  return true;
}

function giveUp(ground: Ground, quietMs: number): void {
  if (quietMs < STALLED_MS) return;
  for (const connection of ground.connections)
    for (const unread of underWay(connection)) {
      if (quietMs < (willing(unread) ? WILLING_MS : STALLED_MS)) continue;
      connection.stalled[unread.direction] = unread.mark;
      stall(ground, stallLine(unread));
    }
  if (ground.wire.busy && quietMs >= CROSSING_MS) stall(ground, `${ground.wire.abandon()} did not arrive`);
}

function stall(ground: Ground, line: string): void {
  ground.stalls.push(line);
  ground.touch();
}

const readerOf = ({ connection, direction }: Unread): Connection['near'] =>
  direction === 0 ? connection.far : connection.near;

/** Whether the reader would take the bytes if they came. */
function willing(unread: Unread): boolean {
  const { socket, upper } = readerOf(unread);
  const reader = upper ?? socket;
  return !reader.isPaused() && reader.readableLength < reader.readableHighWaterMark;
}

function stallLine(unread: Unread): string {
  const reader = readerOf(unread);
  const writer = unread.direction === 0 ? unread.connection.near : unread.connection.far;
  const what = unread.bytes > 0 ? `${unread.bytes} bytes` : 'the end of the stream';
  return `${reader.host} ${formatAddr(reader.addr)} leaves unread ${what} from ${writer.host} ${formatAddr(writer.addr)}`;
}

/** Who waits for what, for the errors. */
function waits(ground: Ground): string[] {
  const lines: string[] = [];
  for (const hold of ground.holds) lines.push(`${hold.owner} holds the clock for work begun ${hold.stack}`);
  lines.push(...ground.wire.waiting.map((label) => `on its way: ${label}`));
  if (ground.opening > 0) lines.push(`${ground.opening} sockets are being opened or closed`);
  for (const connection of ground.connections) lines.push(...describe(connection));
  const ports = new Set(
    [...ground.udpPorts.values()].map(
      (udp) => `${udp.machine.name} ${formatAddr(udp.port.addr)} waits for datagrams`,
    ),
  );
  lines.push(...ports);
  const listeners = new Set(
    [...ground.listeners.values()].map(
      (listener) => `${listener.machine.name} ${formatAddr(listener.addr)} waits for connections`,
    ),
  );
  lines.push(...listeners);
  const next = ground.clock.next();
  if (next)
    lines.push(
      `${next.owner} has a timer in ${next.at - ground.clock.now()} ms (${ground.clock.size} are set)`,
    );
  return lines.length > 0
    ? lines
    : ['the work waits for something that is not of this network, or for nothing'];
}
