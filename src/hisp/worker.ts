/**
 * Works through the queue. Wakes when it is nudged and at the earliest due time, and otherwise does nothing, so that a
 * virtual clock can run past it.
 *
 * @module
 */
import { claim, type Due, nextDue } from '../store/claims.ts';
import { type Claim, messageOf, overdue } from '../store/queue.ts';
import type { Stage } from '../store/schema.ts';
import { atomically } from '../store/scope.ts';
import { openStep } from './arrival.ts';
import { forwardStep } from './forward.ts';
import { prepareStep } from './prepare.ts';
import { setBack } from './set-back.ts';
import { record } from './tracking.ts';
import { transmitStep } from './transmit.ts';
import { nodeOf, type World } from './world.ts';

export interface Worker {
  nudge(): void;
  /** Takes no more work and resolves when what is under way is done, or after `STOP_MS`: the next start does it again. */
  stop(): Promise<void>;
}

interface Step {
  readonly stage: Exclude<Stage, 'ended'>;
  /** Works at once. Most of them wait for the network. */
  readonly most: number;
  /** Of these, works on large messages: they take the memory. */
  readonly mostLarge: number;
  run(world: World, work: Claim): Promise<void>;
}

const STEPS: readonly Step[] = [
  { stage: 'open', most: 16, mostLarge: 1, run: openStep },
  { stage: 'transmit', most: 64, mostLarge: 2, run: transmitStep },
  { stage: 'prepare', most: 16, mostLarge: 1, run: prepareStep },
  { stage: 'forward', most: 16, mostLarge: 1, run: forwardStep },
];

/** Deliveries to one domain at once: one that does not answer must not hold up the others. */
const MOST_PER_DOMAIN = 8;
/** Longer than any step may take; then its work counts as abandoned. */
const LEASE_MS = 15 * 60_000;
const STOP_MS = 5_000;
/** Between two looks for work of other machines on the same store. */
const OTHERS_MS = 30_000;
/** After a store that failed, or work that is due and cannot be had. */
const PAUSE_MS = 1000;

export function startWorker(world: World): Worker {
  const { host, scope } = world;
  const owner = `${nodeOf(world.config)}/${host.random.uuid()}`;
  const underWay = new Map<
    Promise<void>,
    { readonly step: Step; readonly isLarge: boolean; readonly domain: string }
  >();
  let cancel = (): void => undefined;
  let looking: Promise<void> | undefined;
  let again = false;
  let stopped = false;

  const report = (error: unknown): void => {
    const text = error instanceof Error ? error.message : String(error);
    host.events.emit({ kind: 'step', summary: { what: 'worker', hisp: world.config.name, error: text } });
  };

  /** Takes what is due, as much as there are hands, and sets the alarm for what comes next. */
  async function look(): Promise<void> {
    while (again && !stopped) {
      again = false;
      try {
        while (!stopped && (await act(await nextDue(scope))));
      } catch (error) {
        report(error);
        // what was asked meanwhile is seen to after the pause
        again = false;
        alarm(PAUSE_MS);
      }
    }
  }

  /** False when there was nothing that could be done now. */
  async function act(due: Due): Promise<boolean> {
    const now = host.now();
    const isDue = (at: number | null): boolean => at !== null && at <= now;
    if (isDue(due.timer)) {
      await expireTimers(world);
      return true;
    }
    let taken = false;
    for (const step of STEPS) {
      if (isDue(due[step.stage]) || isDue(due.lease)) taken = (await takeWork(step)) || taken;
    }
    if (!taken) setAlarm(due);
    return taken;
  }

  /** As much as there are hands for, in one go: each claim waits for the disk. */
  async function takeWork(step: Step): Promise<boolean> {
    const { stage } = step;
    const same = [...underWay.values()].filter((other) => other.step === step);
    const most = step.most - same.length;
    if (stopped || most <= 0) return false;
    const busy = countOf(stage === 'transmit' ? same.map(({ domain }) => domain) : []);
    const works = await claim(scope, {
      stage,
      now: host.now(),
      owner,
      leaseMs: LEASE_MS,
      most,
      roomForLarge: Math.max(0, step.mostLarge - same.filter(({ isLarge }) => isLarge).length),
      notDomains: [...busy].filter(([, count]) => count >= MOST_PER_DOMAIN).map(([domain]) => domain),
      roomFor: (domain) => (stage === 'transmit' ? MOST_PER_DOMAIN - (busy.get(domain) ?? 0) : most),
    });
    for (const work of works) doWork(step, work);
    return works.length > 0;
  }

  function doWork(step: Step, work: Claim): void {
    const run = step
      .run(world, work)
      .catch((error: unknown) => {
        report(error);
        return setBack(world, work, error).catch(report);
      })
      .finally(() => {
        underWay.delete(run);
        nudge();
      });
    underWay.set(run, { step, isLarge: work.isLarge, domain: work.recipients[0]?.domain ?? '' });
  }

  function setAlarm(due: Due): void {
    const now = host.now();
    // what is due and not taken waits for a hand, and the end of any work looks again
    const waiting = (at: number): boolean => at > now || underWay.size === 0;
    const works = [due.open, due.transmit, due.prepare, due.forward, due.lease]
      .filter((at) => at !== null)
      .filter(waiting);
    const times = due.timer === null ? works : [...works, due.timer];
    // what another machine took and left behind is seen by looking
    if (world.config.node !== undefined) times.push(now + OTHERS_MS);
    if (times.length === 0) cancel();
    else alarm(Math.min(...times) - now);
  }

  function alarm(wait: number): void {
    cancel();
    if (!stopped) cancel = host.timer(wait > 0 ? wait : PAUSE_MS, nudge);
  }

  function nudge(): void {
    if (stopped) return;
    again = true;
    looking ??= look().finally(() => {
      looking = undefined;
      if (again && !stopped) nudge();
    });
  }

  return {
    nudge,
    async stop() {
      stopped = true;
      cancel();
      await looking;
      if (underWay.size === 0) return;
      await new Promise<void>((resolve) => {
        const giveUp = host.timer(STOP_MS, resolve);
        void Promise.all(underWay.keys()).then(() => {
          giveUp();
          resolve();
        });
      });
    },
  };
}

const countOf = (domains: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const domain of domains) counts.set(domain, (counts.get(domain) ?? 0) + 1);
  return counts;
};

/** Recipients whose next notice did not come in time. Before any sending, so that nothing leaves that was given up. */
async function expireTimers(world: World): Promise<void> {
  const now = world.host.now();
  const rows = await overdue(world.scope, now);
  for (const id of new Set(rows.map((row) => row.message_id))) {
    const mine = rows.filter((row) => row.message_id === id);
    await atomically(world.scope, async (inside) => {
      const message = await messageOf(inside, id);
      if (!message) return;
      const occurrences = mine.map((row) => {
        // never sent: then the reason is why, and not that no answer came
        const [why] = row.stage === 'ended' || !row.causes ? [] : JSON.parse(row.causes);
        const event = why ? ({ kind: 'failure', cause: why } as const) : ({ kind: 'timer' } as const);
        return { address: row.address, event };
      });
      await record(world, inside, message, occurrences);
    });
  }
}
