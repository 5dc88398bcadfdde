/**
 * Brings alerts over their channels: each once, again later when a channel does not take it, over restarts.
 *
 * @module
 */
import type { Cancel, Host } from '../net/host.ts';
import type { Scope } from '../store/scope.ts';
import { eventsById, noteAlert, type WatchAlertRow, waitingAlerts } from '../store/watch.ts';
import { alertOf, type Channel, type Taken } from './alert.ts';
import { eventSchema } from './event.ts';

export interface AlerterOptions {
  readonly scope: Scope;
  readonly channels: readonly Channel[];
  /** Hears of an alert that was given up. */
  readonly tell: (line: string) => void;
  /** Hears of books that cannot be kept. */
  readonly failed: (error: Error) => void;
}

export interface Alerter {
  /** Brings what is due, and plans the rest. */
  round(): Promise<void>;
  stop(): Promise<void>;
}

const MINUTE = 60_000;
/** After each attempt; when it is used up, the alert is given up: a day and a half in all. */
const BACK_OFF = [1, 5, 15, 60, 180, 360, 720, 720].map((minutes) => minutes * MINUTE);
/** Alerts that are brought in one go. */
const AT_ONCE = 100;

export function createAlerter(host: Host, options: AlerterOptions): Alerter {
  const { scope, channels, tell, failed } = options;
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  let cancel: Cancel | undefined;

  const bring = async (row: WatchAlertRow): Promise<void> => {
    const { id, channel: name, domain } = row;
    const attempts = Number(row.attempts) + 1;
    const channel = channels.find((one) => one.name === name);
    const rows = await eventsById(scope, JSON.parse(row.events) as string[]);
    const events = rows.map(({ body }) => eventSchema.parse(JSON.parse(body)));
    const given = (why: string) => ({ ok: false, why, lasting: true }) as const;
    let taken: Taken;
    if (!channel) taken = given('it is no longer configured');
    else if (events.length === 0) taken = given('what it tells of is no longer kept');
    else taken = await channel.send(alertOf(domain, Number(row.made_at), events));
    const now = host.now();
    if (taken.ok) {
      await noteAlert(scope, { id, channel: name, attempts, next_at: null, done_at: now, why: null });
      return;
    }
    const wait = taken.lasting ? undefined : BACK_OFF[attempts - 1];
    const next_at = wait === undefined ? null : now + wait;
    await noteAlert(scope, { id, channel: name, attempts, next_at, done_at: null, why: taken.why });
    if (next_at === null) tell(`the alert about ${domain} could not be brought by ${name}: ${taken.why}`);
  };

  const work = async (): Promise<void> => {
    do {
      again = false;
      const rows = await waitingAlerts(scope, AT_ONCE);
      for (const row of rows.filter(({ next_at }) => Number(next_at) <= host.now())) {
        if (stopped) return;
        await bring(row);
      }
      again ||= rows.length === AT_ONCE && Number(rows.at(-1)!.next_at) <= host.now();
    } while (again && !stopped);
  };

  const plan = async (): Promise<void> => {
    cancel?.();
    cancel = undefined;
    if (stopped) return;
    const [soonest] = await waitingAlerts(scope, 1);
    if (!soonest || stopped) return;
    cancel = host.timer(Math.max(1000, Number(soonest.next_at) - host.now()), () => void round());
  };

  const round = (): Promise<void> => {
    again = true;
    return (running ??= work()
      .then(plan)
      .catch((error: unknown) => {
        failed(error as Error);
        if (!stopped) cancel = host.timer(MINUTE, () => void round());
      })
      .finally(() => {
        running = undefined;
      }));
  };

  return {
    round,
    async stop() {
      stopped = true;
      cancel?.();
      await running;
    },
  };
}
