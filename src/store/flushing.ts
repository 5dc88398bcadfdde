/**
 * What was committed on its way to the disk: one flush at a time, each for all that was committed before it began.
 *
 * A flush that failed cannot be made good by another one: the system may have thrown away what it could not write, and
 * says so once. So nothing that is asked afterwards succeeds, until the store is opened again and reads what is there.
 *
 * @module
 */

export interface Waiting {
  resolve(): void;
  reject(error: unknown): void;
}

export interface Flushing {
  /** A flush is under way. */
  readonly busy: boolean;
  /** Something that was committed is not on the disk yet. */
  readonly pending: boolean;
  /** Why nothing more can be kept. */
  readonly failure: Error | undefined;
  /** Something was committed, and these wait for it. */
  committed(waiting: readonly Waiting[]): void;
  /** Waits for what was committed so far. */
  wait(waiting: Waiting): void;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
}

/**
 * @param sync writes all that was committed to the disk
 * @param ended is called after each flush
 */
export function flushing(sync: () => Promise<void>, ended: () => void): Flushing {
  /** For the next flush. */
  let next: Waiting[] | undefined;
  let current: Waiting[] | undefined;
  let failure: Error | undefined;
  let idle: (() => void)[] = [];

  const tell = (all: readonly Waiting[]): void => {
    for (const one of all) {
      if (failure) one.reject(failure);
      else one.resolve();
    }
  };
  const begin = async (): Promise<void> => {
    while (next && !failure) {
      current = next;
      next = undefined;
      try {
        await sync();
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        failure = new Error(
          `what was written could not be flushed to the disk: ${why}. Nothing more is taken until the store is opened again`,
          { cause: error },
        );
      }
      const all = current;
      current = undefined;
      tell(all);
      ended();
    }
    if (next) tell(next);
    next = undefined;
    for (const call of idle) call();
    idle = [];
  };
  return {
    get busy() {
      return current !== undefined;
    },
    get pending() {
      return current !== undefined || next !== undefined;
    },
    get failure() {
      return failure;
    },
    committed(waiting) {
      if (failure) {
        tell(waiting);
        return;
      }
      const isFirst = next === undefined && current === undefined;
      next = [...(next ?? []), ...waiting];
      if (isFirst) void begin();
    },
    wait(waiting) {
      if (failure) waiting.reject(failure);
      else if (next) next.push(waiting);
      else if (current) current.push(waiting);
      else waiting.resolve();
    },
    idle: () => (current || next ? new Promise((resolve) => idle.push(resolve)) : Promise.resolve()),
  };
}
