/**
 * Works through the queue. Wakes when it is nudged and at the earliest due time, and otherwise does nothing, so that a
 * virtual clock can run past it.
 *
 * @module
 */
import { type Claim, claim, messageOf, nextDue, overdue } from '../store/queue.ts';
import type { Stage } from '../store/schema.ts';
import { atomically } from '../store/scope.ts';
import { openStep } from './arrival.ts';
import { prepareStep } from './prepare.ts';
import { record } from './tracking.ts';
import { transmitStep } from './transmit.ts';
import type { World } from './world.ts';

export interface Worker {
  nudge(): void;
  /** Takes no more work and resolves when what is under way is done. */
  stop(): Promise<void>;
}

const STEPS: readonly {
  readonly stage: Exclude<Stage, 'ended'>;
  run(world: World, work: Claim): Promise<void>;
}[] = [
  { stage: 'open', run: openStep },
  { stage: 'transmit', run: transmitStep },
  { stage: 'prepare', run: prepareStep },
];

/** Longer than any step may take; then its work counts as abandoned. */
const LEASE_MS = 15 * 60_000;
/** After work that could not be claimed or a store that failed. */
const PAUSE_MS = 1000;

export function startWorker(world: World): Worker {
  const { host, scope } = world;
  const owner = `${world.config.name}/${host.random.uuid()}`;
  const most = world.config.workers ?? 8;
  const underWay = new Set<Promise<void>>();
  let cancel = (): void => undefined;
  let looking: Promise<void> | undefined;
  let again = false;
  let stopped = false;

  const report = (error: unknown): void => {
    const text = error instanceof Error ? error.message : String(error);
    host.events.emit({ kind: 'step', summary: { what: 'worker', hisp: world.config.name, error: text } });
  };

  /** Takes what is due, as much as there are hands. */
  async function look(): Promise<void> {
    let pause = 0;
    do {
      again = false;
      try {
        await expireTimers(world);
        await takeWork();
      } catch (error) {
        report(error);
        pause = PAUSE_MS;
      }
    } while (again && !stopped && pause === 0);
    if (stopped) return;
    const at = await nextDue(scope).catch((error: unknown) => {
      report(error);
      return host.now() + PAUSE_MS;
    });
    cancel();
    if (at === undefined || underWay.size >= most || stopped) return;
    const wait = at - host.now();
    cancel = host.timer(wait > 0 ? Math.max(wait, pause) : PAUSE_MS, nudge);
  }

  async function takeWork(): Promise<void> {
    while (underWay.size < most && !stopped) {
      const taken = await takeOne();
      if (!taken) return;
      const run = taken
        .step(world, taken.work)
        .catch(report)
        .finally(() => {
          underWay.delete(run);
          nudge();
        });
      underWay.add(run);
    }
  }

  async function takeOne() {
    for (const { stage, run } of STEPS) {
      const work = await claim(scope, { stage, now: host.now(), owner, leaseMs: LEASE_MS });
      if (work) return { work, step: run };
    }
    return undefined;
  }

  function nudge(): void {
    if (stopped) return;
    again = true;
    looking ??= look().finally(() => {
      looking = undefined;
      if (again) nudge();
    });
  }

  return {
    nudge,
    async stop() {
      stopped = true;
      cancel();
      await looking;
      await Promise.all(underWay);
    },
  };
}

/** Recipients whose next notice did not come in time. Before any sending, so that nothing leaves that was given up. */
async function expireTimers(world: World): Promise<void> {
  const now = world.host.now();
  const rows = await overdue(world.scope, now);
  for (const id of new Set(rows.map((row) => row.message_id))) {
    const mine = rows.filter((row) => row.message_id === id);
    await atomically(world.scope, async (inside) => {
      const message = await messageOf(inside, id);
      if (!message) return;
      const minutes = Math.round((now - message.received_at) / 60_000);
      const occurrences = mine.map((row) => {
        // never sent: then the reason is why, and not that no answer came
        const [why] = row.stage === 'ended' || !row.causes ? [] : JSON.parse(row.causes);
        const event = why
          ? ({ kind: 'failure', cause: why } as const)
          : ({ kind: 'timer', minutes } as const);
        return { address: row.address, event };
      });
      await record(world, inside, message, occurrences);
    });
  }
}
