/**
 * Virtual time: a clock that stands still until it is moved to the next timer.
 *
 * @module
 */
import type { Cancel } from '../host.ts';

export interface SimClock {
  /** Milliseconds since 1970 UTC; starts at the epoch of the network. */
  now(): number;
}

export interface SetTimer {
  readonly at: number;
  /** Order of setting: of two timers for one instant the earlier set fires first. */
  readonly order: number;
  /** Host that set it. */
  readonly owner: string;
  /** Undefined once fired or cancelled. */
  fire: (() => void) | undefined;
}

export interface TimerQueue extends SimClock {
  set(owner: string, ms: number, fire: () => void): Cancel;
  /** The next timer due, without firing it. */
  next(): SetTimer | undefined;
  /** Moves the clock to the next timer and fires it. */
  advance(): void;
  /** Takes back every timer whose owner `concerns` names. */
  cancelAll(concerns: (owner: string) => boolean): void;
  readonly size: number;
  /** How often the clock has moved. */
  readonly fired: number;
}

export function timerQueue(epoch: number, changed: () => void): TimerQueue {
  let time = epoch;
  let order = 0;
  let live = 0;
  let fired = 0;
  let heap: SetTimer[] = [];

  const before = (a: SetTimer, b: SetTimer) => a.at < b.at || (a.at === b.at && a.order < b.order);

  const push = (timer: SetTimer) => {
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!before(timer, heap[up]!)) break;
      heap[at] = heap[up]!;
      at = up;
    }
    heap[at] = timer;
  };

  const pop = () => {
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= heap.length) break;
      if (down + 1 < heap.length && before(heap[down + 1]!, heap[down]!)) down++;
      if (!before(heap[down]!, last)) break;
      heap[at] = heap[down]!;
      at = down;
    }
    heap[at] = last;
  };

  const next = () => {
    while (heap.length > 0 && !heap[0]!.fire) pop();
    return heap[0];
  };

  const take = (timer: SetTimer): (() => void) | undefined => {
    const { fire } = timer;
    if (fire) {
      timer.fire = undefined;
      live--;
    }
    return fire;
  };

  /** Timers that are cancelled and set anew with each exchange would otherwise pile up. */
  const sweep = () => {
    if (heap.length < 64 || heap.length < 4 * live) return;
    const kept = heap.filter((timer) => timer.fire);
    heap = [];
    for (const timer of kept) push(timer);
  };

  return {
    now: () => time,
    get size() {
      return live;
    },
    get fired() {
      return fired;
    },
    set(owner, ms, fire) {
      const timer: SetTimer = { at: time + Math.max(0, ms || 0), order: order++, owner, fire };
      push(timer);
      live++;
      changed();
      return () => {
        if (take(timer)) sweep();
      };
    },
    next,
    advance() {
      const timer = next();
      if (!timer) return;
      pop();
      time = timer.at;
      fired++;
      changed();
      take(timer)?.();
    },
    cancelAll(concerns) {
      for (const timer of heap) if (concerns(timer.owner)) take(timer);
      sweep();
    },
  };
}
