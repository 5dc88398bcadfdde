/**
 * Works through the queue. Wakes when it is nudged and at the earliest due time, and otherwise does nothing, so that a
 * virtual clock can run past it.
 *
 * @module
 */
import { claim, type Due, nextDue, releaseLeases } from '../store/claims.ts';
import { type Claim, messageOf, overdue } from '../store/queue.ts';
import type { Stage } from '../store/schema.ts';
import { atomically } from '../store/scope.ts';
import { openStep } from './arrival.ts';
import { forwardStep } from './forward.ts';
import type { Grip, Hands, Held } from './in-hand.ts';
import { prepareStep } from './prepare.ts';
import { setBack } from './set-back.ts';
import { record } from './tracking.ts';
import { transmitStep } from './transmit.ts';
import { waitingLines } from './waiting-line.ts';
import { nodeOf, type World } from './world.ts';

export interface Worker extends Hands {
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
  run(world: World, work: Claim, held: Held): Promise<void>;
}

const PREPARE: Step = { stage: 'prepare', most: 16, mostLarge: 1, run: prepareStep };
const TRANSMIT: Step = { stage: 'transmit', most: 64, mostLarge: 2, run: transmitStep };
const STEPS: readonly Step[] = [
  { stage: 'open', most: 16, mostLarge: 1, run: openStep },
  TRANSMIT,
  PREPARE,
  { stage: 'forward', most: 16, mostLarge: 1, run: forwardStep },
];

/** In hand, those that wait for their turn included; fewer where other machines could do it. */
const MOST_IN_HAND = { alone: 2_000, among: 64 };
const MOST_OCTETS_IN_HAND = 16 << 20;
/** A message with more octets is read from the store when its turn comes. */
const LARGEST_IN_HAND = 256 << 10;

/** Deliveries to one domain at once: one that does not answer must not hold up the others. */
const MOST_PER_DOMAIN = 8;
/** Works for one domain that are being sent or made ready for it. */
const MOST_READY = 12;
/** What waits longer for its turn to be sent is kept, and taken up again later. */
const TURN_MS = 2_000;
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
  const underWay = new Map<Promise<void>, UnderWay>();
  const waiting = waitingLines<InHand>();
  /** Who waits to send to a domain. */
  const turns = new Map<string, (() => void)[]>();
  const mostInHand = world.config.node === undefined ? MOST_IN_HAND.alone : MOST_IN_HAND.among;
  let inHand = 0;
  let octetsInHand = 0;
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

  function doWork(step: Step, work: Claim, bytes?: Uint8Array): Promise<void> {
    const entry: UnderWay = { step, isLarge: work.isLarge, domain: work.recipients[0]?.domain ?? '' };
    const sends = async (domain: string): Promise<(() => void) | undefined> => {
      const sending = [...underWay.values()].filter((other) => other.step === TRANSMIT);
      if (stopped || sending.length >= TRANSMIT.most) return undefined;
      const same = sending.filter((other) => other.domain === domain);
      // from here on it takes the place of a transmission, though it may wait for others to the same domain
      Object.assign(entry, { step: TRANSMIT, domain });
      if (same.length >= MOST_PER_DOMAIN && !(await turnOf(domain))) return undefined;
      return () => {
        Object.assign(entry, { domain: '' });
        passOn(domain);
        begin();
      };
    };
    const run = step
      .run(world, work, { ...(bytes ? { bytes } : {}), sends })
      .catch((error: unknown) => {
        report(error);
        return setBack(world, work, error).catch(report);
      })
      .finally(() => {
        underWay.delete(run);
        begin();
        nudge();
      });
    underWay.set(run, entry);
    return run;
  }

  /** Waits a little until another transmission to the domain has its answer. */
  function turnOf(domain: string): Promise<boolean> {
    const queue = turns.get(domain) ?? [];
    if (queue.length >= MOST_PER_DOMAIN) return Promise.resolve(false);
    turns.set(domain, queue);
    return new Promise((resolve) => {
      const giveUp = host.timer(TURN_MS, () => {
        queue.splice(queue.indexOf(go), 1);
        resolve(false);
      });
      const go = (): void => {
        giveUp();
        resolve(true);
      };
      queue.push(go);
    });
  }

  function passOn(domain: string): void {
    const queue = turns.get(domain);
    queue?.shift()?.();
    if (queue?.length === 0) turns.delete(domain);
  }

  /** Begins with what is in hand, as far as there is room. */
  function begin(): void {
    if (stopped || waiting.size === 0) return;
    waiting.go(
      (_, { step, domain }) => {
        let sameStep = 0;
        let sameDomain = 0;
        for (const other of underWay.values()) {
          if (other.step === step) sameStep += 1;
          if (other.domain === domain) sameDomain += 1;
        }
        // what cannot be sent soon need not be encrypted now
        return sameStep < step.most && (step !== PREPARE || domain === '' || sameDomain < MOST_READY);
      },
      ({ step, work, bytes, letGo }) => {
        // too long ago: somebody else will look after it when the lease is over
        const isOld = work.recipients.some(({ lease_until }) => host.now() >= lease_until! - LEASE_MS / 2);
        if (isOld) letGo();
        else void doWork(step, work, bytes).finally(letGo);
      },
    );
  }

  function reach(octets: number): Grip | undefined {
    if (stopped || inHand >= mostInHand || octets > LARGEST_IN_HAND) return undefined;
    if (octetsInHand + octets > MOST_OCTETS_IN_HAND) return undefined;
    inHand += 1;
    octetsInHand += octets;
    const letGo = (): void => {
      inHand -= 1;
      octetsInHand -= octets;
    };
    return {
      lease: { owner, until: host.now() + LEASE_MS },
      letGo,
      take(work, bytes) {
        const [first, ...others] = work.recipients;
        const step = STEPS.find((one) => one.stage === first?.stage);
        if (!first || !step) {
          letGo();
          return;
        }
        const domain = others.every((row) => row.domain === first.domain) ? first.domain : '';
        waiting.add(`${step.stage} ${domain}`, { step, work, bytes, domain, letGo });
        begin();
      },
    };
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
    reach,
    async stop() {
      stopped = true;
      cancel();
      await looking;
      const left = waiting.size > 0;
      waiting.clear();
      if (underWay.size > 0) {
        await new Promise<void>((resolve) => {
          const giveUp = host.timer(STOP_MS, resolve);
          void Promise.all(underWay.keys()).then(() => {
            giveUp();
            resolve();
          });
        });
      }
      // what was not begun is left to others, or to the next start
      if (left && underWay.size === 0) await releaseLeases(scope, nodeOf(world.config));
    },
  };
}

interface UnderWay {
  readonly step: Step;
  readonly isLarge: boolean;
  readonly domain: string;
}

/** Written as claimed, and not begun yet. */
interface InHand {
  readonly step: Step;
  readonly work: Claim;
  readonly bytes: Uint8Array;
  /** Of all its recipients; empty when they are of several. */
  readonly domain: string;
  readonly letGo: () => void;
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
