/**
 * What is done at times of its own, beside the queue: purging what is over, and deciding again when something is back.
 *
 * @module
 */
import { oldest, purge } from '../store/retention.ts';
import { type Reconsideration, reconsideration } from './reprocess.ts';
import type { World } from './world.ts';

export interface Housekeeping {
  /** Something was kept that has to go, or to be looked at again, some day. */
  plan(): void;
  /** Something happened: makes sure that there is a plan at all. */
  wake(): void;
  /** Looks now whether refused messages can be decided otherwise; returns how many went back into the queue. */
  reconsider(): Promise<number>;
  stop(): Promise<void>;
}

const STOP_MS = 5_000;
/** Between two purges, when what is over cannot go yet. */
const HOUR_MS = 3_600_000;

export function startHousekeeping(world: World): Housekeeping {
  const { host, scope, timers } = world;
  const again: Reconsideration = reconsideration(world);
  let cancel = (): void => undefined;
  let planned = Number.POSITIVE_INFINITY;
  let stopped = false;
  let purgedAt = Number.NEGATIVE_INFINITY;
  /** Undefined before the first look, which is at once. */
  let lookedAt: number | undefined;
  let busy: Promise<void> | undefined;
  let replan = false;

  const report = (error: unknown): void => {
    const text = error instanceof Error ? error.message : String(error);
    host.events.emit({
      kind: 'step',
      summary: { what: 'housekeeping', hisp: world.config.name, error: text },
    });
  };

  async function nextAt(): Promise<number> {
    const { messages, unmatched, quarantine } = await oldest(scope);
    const over = [
      [messages, timers.keepMs],
      [unmatched, timers.unmatchedMs],
      [quarantine, timers.quarantineMs],
    ] as const;
    const due = over.flatMap(([at, keep]) => (at === null ? [] : at + keep));
    const purgeAt =
      due.length === 0 ? Number.POSITIVE_INFINITY : Math.max(Math.min(...due), purgedAt + HOUR_MS);
    const lookAt =
      quarantine !== null && (await again.pending())
        ? (lookedAt ?? 0) + timers.reconsiderMs
        : Number.POSITIVE_INFINITY;
    return Math.min(purgeAt, lookAt);
  }

  async function work(): Promise<void> {
    do {
      replan = false;
      const now = host.now();
      if (lookedAt === undefined || now >= lookedAt + timers.reconsiderMs) {
        lookedAt = now;
        await again.look();
      }
      if (planned <= now) {
        const older = {
          messages: now - timers.keepMs,
          unmatched: now - timers.unmatchedMs,
          quarantine: now - timers.quarantineMs,
        };
        while (!stopped && (await purge(scope, older)));
        purgedAt = now;
      }
      planned = await nextAt();
    } while (replan && !stopped);
  }

  function run(): void {
    if (stopped) return;
    replan = true;
    busy ??= work()
      .catch(report)
      .finally(() => {
        busy = undefined;
        cancel();
        if (stopped || planned === Number.POSITIVE_INFINITY) return;
        // a store that failed is asked again in an hour at the latest
        cancel = host.timer(Math.max(1000, planned - host.now()), run);
      });
  }

  return {
    plan: run,
    wake() {
      if (planned === Number.POSITIVE_INFINITY && !busy) run();
    },
    reconsider: () => again.look(),
    async stop() {
      stopped = true;
      cancel();
      if (!busy) return;
      // a server that does not answer holds up no stop
      await new Promise<void>((resolve) => {
        const giveUp = host.timer(STOP_MS, resolve);
        void busy?.then(() => {
          giveUp();
          resolve();
        });
      });
    },
  };
}
