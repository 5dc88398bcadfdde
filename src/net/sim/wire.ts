/**
 * The one order of things: connects and datagrams go over the real loopback one after another, in the order in which
 * they were begun, so that the machine's load cannot change who comes first.
 *
 * @module
 */

export interface Wire {
  /** Queues one crossing; `cross` begins it and calls `done` when it has arrived or cannot. */
  put(label: string, cross: (done: () => void) => void): void;
  /** What is on its way or waits for its turn, as lines for a person. */
  readonly waiting: readonly string[];
  readonly busy: boolean;
  /** Gives up what is on its way now, because it will not arrive any more. Returns its label. */
  abandon(): string | undefined;
}

interface Crossing {
  readonly label: string;
  readonly cross: (done: () => void) => void;
}

export function createWire(changed: () => void): Wire {
  const queue: Crossing[] = [];
  let current: Crossing | undefined;

  const pump = () => {
    while (!current && queue.length > 0) {
      const crossing = queue.shift()!;
      current = crossing;
      crossing.cross(() => finish(crossing));
    }
  };

  const finish = (crossing: Crossing) => {
    if (current !== crossing) return;
    current = undefined;
    changed();
    pump();
  };

  return {
    put(label, cross) {
      changed();
      queue.push({ label, cross });
      pump();
    },
    get busy() {
      return current !== undefined;
    },
    get waiting() {
      return current ? [current, ...queue].map((crossing) => crossing.label) : [];
    },
    abandon() {
      const given = current;
      if (given) finish(given);
      return given?.label;
    },
  };
}
