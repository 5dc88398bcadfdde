/**
 * Looks at domains again and again: on a schedule that bothers nobody, at most once at a time for each, a few at once;
 * keeps what was seen and what changed, and has it told.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import type { Cancel, Host } from '../net/host.ts';
import { atomically, type Scope } from '../store/scope.ts';
import {
  putWatchAlert,
  putWatchDomain,
  putWatchEvent,
  putWatchObservation,
  trimWatchEvents,
  watchDomain,
  watchDomains,
} from '../store/watch.ts';
import { alertOf, type Channel } from './alert.ts';
import { createAlerter } from './alerter.ts';
import { compare, isPending, standingSchema } from './compare.ts';
import type { WatchEvent } from './event.ts';
import type { Observation } from './observation.ts';
import type { Watched } from './observe.ts';

export interface WatcherOptions {
  readonly domains: readonly Watched[];
  readonly observe: (watched: Watched) => Promise<Observation>;
  readonly scope: Scope;
  readonly channels: readonly Channel[];
  /** Between two looks at a domain; a tenth more or less is left to chance. */
  readonly intervalMs: number;
  /** Looks at different domains at one time. Default 4. */
  readonly concurrency?: number;
  /** How often in a row what may pass by itself is seen before it is told. Default 2. */
  readonly confirm?: number;
  /** The first looks are spread over this time. Default a minute. */
  readonly spreadMs?: number;
  /** Hears of every event. */
  readonly tell: (event: WatchEvent) => void;
  /** Hears of an alert that was given up. */
  readonly undelivered: (line: string) => void;
  /** Hears of what failed here: it is tried again. */
  readonly failed: (error: Error, domain?: string) => void;
}

/** What came of one look; `failed`: it could not be made or kept. */
export type Look =
  | { readonly domain: string; readonly seen: Observation; readonly events: readonly WatchEvent[] }
  | { readonly domain: string; readonly failed: string };

export interface Watcher {
  /** Keeps the schedule from now on, where it was left. */
  start(): Promise<void>;
  /** Looks at all domains now, and brings the alerts. */
  round(): Promise<readonly Look[]>;
  /** Looks at one domain now; joins a look that is under way. Undefined: it is not watched. */
  look(domain: string): Promise<Look | undefined>;
  /** Ends the schedule, and waits for what is under way. */
  stop(): Promise<void>;
}

const MINUTE = 60_000;
/** When a look is repeated that failed, or that saw what may pass by itself. */
const SOON = MINUTE;

export function createWatcher(host: Host, options: WatcherOptions): Watcher {
  const { domains, scope, concurrency = 4, confirm = 2, spreadMs = MINUTE, failed } = options;
  const due = new Map<string, number>();
  const looks = new Map<string, Promise<Look>>();
  const free = places(concurrency);
  const alerter = createAlerter(host, {
    scope,
    channels: options.channels,
    tell: options.undelivered,
    failed,
  });
  let started = false;
  let cancel: Cancel | undefined;

  const later = (): number => Math.round(options.intervalMs * (0.9 + host.random.int(2001) / 10_000));

  const keep = async (seen: Observation): Promise<readonly WatchEvent[]> => {
    const told = await atomically(scope, async (inside) => {
      const { domain, at } = seen;
      const row = await watchDomain(inside, domain);
      const before = row && standingSchema.parse(JSON.parse(row.standing));
      const { standing, events } = compare(before, seen, { confirm });
      const next_at = at + (isPending(standing) ? Math.min(SOON, options.intervalMs) : later());
      due.set(domain, next_at);
      await putWatchDomain(inside, {
        domain,
        standing: JSON.stringify(standing),
        last_at: at,
        next_at,
      });
      await putWatchObservation(inside, { domain, at, digest: digestOf(seen), body: JSON.stringify(seen) });
      const fresh: WatchEvent[] = [];
      for (const event of events) {
        const { id } = event;
        if (await putWatchEvent(inside, { id, domain, at, body: JSON.stringify(event) })) fresh.push(event);
      }
      for (const channel of options.channels) {
        const wanted = fresh.filter(channel.wants);
        if (wanted.length === 0) continue;
        const { id } = alertOf(domain, at, wanted);
        const ids = JSON.stringify(wanted.map((one) => one.id));
        await putWatchAlert(inside, { id, channel: channel.name, domain, events: ids, made_at: at });
      }
      if (fresh.length > 0) await trimWatchEvents(inside, domain);
      return fresh;
    });
    for (const event of told) options.tell(event);
    return told;
  };

  const lookNow = async (watched: Watched): Promise<Look> => {
    const { domain } = watched;
    const leave = await free.enter();
    try {
      const seen = await options.observe(watched);
      return { domain, seen, events: await keep(seen) };
    } catch (error) {
      // one domain that cannot be looked at keeps nobody from looking at the others
      due.set(domain, host.now() + SOON);
      failed(error as Error, domain);
      return { domain, failed: (error as Error).message };
    } finally {
      leave();
    }
  };

  const lookAt = (watched: Watched): Promise<Look> => {
    const { domain } = watched;
    const underWay = looks.get(domain);
    if (underWay) return underWay;
    const look = lookNow(watched).finally(() => {
      looks.delete(domain);
      plan();
    });
    looks.set(domain, look);
    return look;
  };

  const plan = (): void => {
    cancel?.();
    cancel = undefined;
    if (!started) return;
    const waiting = [...due].filter(([domain]) => !looks.has(domain)).map(([, at]) => at);
    if (waiting.length === 0) return;
    // a day at most: a longer timer would overflow, and a clock that jumped is noticed
    const ms = Math.min(Math.max(0, Math.min(...waiting) - host.now()), 86_400_000);
    cancel = host.timer(ms, wake);
  };

  const wake = (): void => {
    const now = host.now();
    for (const watched of domains) {
      if ((due.get(watched.domain) ?? now) > now || looks.has(watched.domain)) continue;
      void lookAt(watched).then((look) => {
        if ('events' in look && look.events.length > 0) void alerter.round();
      });
    }
    plan();
  };

  return {
    async start() {
      const rows = new Map((await watchDomains(scope)).map((row) => [row.domain, Number(row.next_at)]));
      const now = host.now();
      for (const { domain } of domains) {
        const planned = rows.get(domain) ?? now;
        // what was due while nobody looked is not all looked at in one moment
        due.set(domain, planned > now ? planned : now + host.random.int(Math.max(1, spreadMs)));
      }
      started = true;
      plan();
      void alerter.round();
    },
    async round() {
      const all = await Promise.all(domains.map(lookAt));
      await alerter.round();
      return all;
    },
    async look(domain) {
      const watched = domains.find((one) => one.domain === domain);
      if (!watched) return undefined;
      const look = await lookAt(watched);
      await alerter.round();
      return look;
    },
    async stop() {
      started = false;
      plan();
      await Promise.all(looks.values());
      await alerter.stop();
    },
  };
}

/** Of everything that counts: when it was seen, how long it took and the date of the next list do not. */
function digestOf({ at: _at, ms: _ms, lists, trust, ...rest }: Observation): string {
  const counted = {
    ...rest,
    lists: lists.map(({ url, state }) => ({ url, state })),
    trust: trust.map(({ eyes, verdict, anchors }) => ({ eyes, verdict, anchors })),
    servers: rest.servers.map(({ serial: _serial, ...server }) => server),
  };
  return createHash('sha256').update(JSON.stringify(counted)).digest('hex');
}

/** So many may be inside; the others wait in order. */
function places(most: number) {
  let inside = 0;
  const waiting: (() => void)[] = [];
  // who leaves hands the place to the first who waits, so that nobody comes in between
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else inside--;
  };
  return {
    async enter(): Promise<() => void> {
      if (inside >= most) await new Promise<void>((resolve) => waiting.push(resolve));
      else inside++;
      return leave;
    },
  };
}
