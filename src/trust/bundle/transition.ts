/**
 * How a subscription changes: pure, so that every course of events can be tried and made again.
 *
 * @module
 */
import { cause } from '../../outcome/cause.ts';
import { type BundleDiff, diffBundles, isUnchanged } from './diff.ts';
import { type ChangeRules, HOLD, type HoldReason, referenceRules } from './rules.ts';
import type { AnchorSet, BundleEvent, BundleInput, Held, SubscriptionState } from './state.ts';
import type { Subscription } from './subscription.ts';

/** A subscription that was never refreshed; due at once unless it is manual. */
export const newState = (one: Subscription, now: number): SubscriptionState => ({
  subscribedAt: now,
  seen: [],
  failures: 0,
  stale: false,
  ...(one.intervalMs === 0 ? {} : { nextAt: now }),
});

export interface Step {
  readonly state: SubscriptionState;
  readonly events: readonly BundleEvent[];
}

/** An event before it is known whose it is. */
type Happening = BundleEvent extends infer E
  ? E extends BundleEvent
    ? Omit<E, 'subscription' | 'at'>
    : never
  : never;

/** How many checksums are remembered. */
const REMEMBERED = 100;

/** @param now ms since 1970 UTC */
export function transition(
  one: Subscription,
  state: SubscriptionState,
  input: BundleInput,
  now: number,
  rules: ChangeRules = referenceRules,
): Step {
  const { next, happened } = move(one, state, input, now, rules);
  const events = [...happened, ...staleness(one, next, now, rules)];
  const stale = next.stale || events.some(({ kind }) => kind === 'stale');
  return {
    state: { ...next, stale },
    events: events.map((event) => ({ ...event, subscription: one.id, at: now }) as BundleEvent),
  };
}

interface Move {
  readonly next: SubscriptionState;
  readonly happened: readonly Happening[];
}

function move(
  one: Subscription,
  state: SubscriptionState,
  input: BundleInput,
  now: number,
  rules: ChangeRules,
): Move {
  switch (input.kind) {
    case 'failed': {
      const failures = state.failures + 1;
      const next = { ...state, failures, failure: input.cause, lastAttempt: now };
      return {
        next: scheduled(one, next, now, rules),
        happened: [{ kind: 'failed', cause: input.cause, failures }],
      };
    }
    case 'unchanged':
      // what is published is what we have, so nothing waits any more
      return {
        next: succeeded(one, without(state, 'held'), now, rules),
        happened: [{ kind: 'unchanged' }],
      };
    case 'fetched':
      return fetched(one, succeeded(one, state, now, rules), input.set, now, rules);
    case 'time': {
      const { held } = state;
      if (held?.until === undefined || now < held.until) return { next: state, happened: [] };
      return install(without(state, 'held', 'failure'), held.set, 'time');
    }
    case 'apply':
      if (!state.held) return { next: state, happened: [] };
      return install(without(state, 'held', 'failure'), state.held.set, 'operator');
    case 'discard': {
      if (!state.held) return { next: state, happened: [] };
      const { sha256 } = state.held.set;
      return {
        next: { ...without(state, 'held', 'failure'), refused: sha256 },
        happened: [{ kind: 'discarded', sha256 }],
      };
    }
    case 'rollback': {
      const { current, previous } = state;
      if (!current || !previous) return { next: state, happened: [] };
      const back = install(without(state, 'held', 'failure'), previous, 'operator');
      return { ...back, next: { ...back.next, refused: current.sha256 } };
    }
  }
}

function fetched(
  one: Subscription,
  state: SubscriptionState,
  set: AnchorSet,
  now: number,
  rules: ChangeRules,
): Move {
  const { current, held } = state;
  if (current && set.sha256 === current.sha256) {
    // the same octets; the server's names for them may be new
    const same = { ...current, ...tagsOf(set) };
    return { next: { ...without(state, 'held'), current: same }, happened: [{ kind: 'unchanged' }] };
  }
  if (set.sha256 === state.refused) return { next: state, happened: [{ kind: 'unchanged' }] };
  const diff = diffBundles(current?.certificates ?? [], set.certificates);
  const replay = rules.replay(one, state, set, diff);
  const told: Happening[] = replay ? [{ kind: 'replay', cause: replay.cause, held: replay.hold }] : [];
  const reason = replay?.hold ? { ...replay, why: 'replay' as const } : sizeReason(one, current, diff, rules);
  // with nothing to go on with, only what is known to be old is worse than nothing
  if (!reason || (!current && reason.expires)) {
    const done = install(without(state, 'held'), set, 'refresh');
    return { next: done.next, happened: [...told, ...done.happened] };
  }
  const hold = holding(set, reason, held, now);
  if (hold.until !== undefined && now >= hold.until) {
    const done = install(without(state, 'held'), set, 'time');
    return { next: done.next, happened: done.happened };
  }
  const known = held?.set.sha256 === set.sha256;
  return {
    next: { ...state, held: hold, failure: reason.cause },
    happened: known
      ? [{ kind: 'unchanged' }]
      : [
          ...told,
          {
            kind: 'held',
            cause: reason.cause,
            diff,
            ...(hold.until === undefined ? {} : { until: hold.until }),
          },
        ],
  };
}

function sizeReason(one: Subscription, current: AnchorSet | undefined, diff: BundleDiff, rules: ChangeRules) {
  const before = new Set(current?.certificates.map(({ sha256 }) => sha256)).size;
  const reason = rules.size(one, before, diff);
  return reason && { ...reason, why: 'shrink' as const };
}

/** Another set that is held for the same reason does not begin the day anew: nobody can put a removal off for ever. */
function holding(
  set: AnchorSet,
  reason: HoldReason & { readonly why: Held['why'] },
  held: Held | undefined,
  now: number,
): Held {
  const since = held?.why === reason.why ? held.since : now;
  return { set, why: reason.why, since, ...(reason.expires ? { until: since + HOLD } : {}) };
}

function install(state: SubscriptionState, set: AnchorSet, by: 'refresh' | 'time' | 'operator'): Move {
  const { current } = state;
  const diff = diffBundles(current?.certificates ?? [], set.certificates);
  const newest = Math.max(state.newestSigned ?? 0, set.signingTime ?? 0);
  const seen = current ? [...state.seen.filter((sha) => sha !== current.sha256), current.sha256] : state.seen;
  return {
    next: {
      ...without(state, 'refused'),
      current: set,
      ...(current ? { previous: current } : {}),
      seen: seen.filter((sha) => sha !== set.sha256).slice(-REMEMBERED),
      ...(newest > 0 ? { newestSigned: newest } : {}),
    },
    happened: [
      {
        kind: 'installed',
        sha256: set.sha256,
        diff,
        alarm: current !== undefined && diff.removed.length > 0 && !isUnchanged(diff),
        by,
      },
    ],
  };
}

function tagsOf({ etag, lastModified }: AnchorSet): Partial<AnchorSet> {
  return {
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
  };
}

function succeeded(
  one: Subscription,
  state: SubscriptionState,
  now: number,
  rules: ChangeRules,
): SubscriptionState {
  const kept = state.held ? state : without(state, 'failure');
  return scheduled(
    one,
    { ...kept, failures: 0, stale: false, lastAttempt: now, lastSuccess: now },
    now,
    rules,
  );
}

function scheduled(
  one: Subscription,
  state: SubscriptionState,
  now: number,
  rules: ChangeRules,
): SubscriptionState {
  const nextAt = rules.nextAt(one, state, now);
  return nextAt === undefined ? without(state, 'nextAt') : { ...state, nextAt };
}

function staleness(
  one: Subscription,
  state: SubscriptionState,
  now: number,
  rules: ChangeRules,
): Happening[] {
  const at = staleAt(one, state, rules);
  if (at === undefined || now < at) return [];
  const since = new Date(state.lastSuccess ?? state.subscribedAt).toISOString();
  return [{ kind: 'stale', cause: cause('bundle.stale', { since }) }];
}

/** When the set becomes stale; undefined when it is already, or never does. */
function staleAt(one: Subscription, state: SubscriptionState, rules: ChangeRules): number | undefined {
  const after = rules.staleAfter(one);
  if (after === undefined || state.stale) return undefined;
  return (state.lastSuccess ?? state.subscribedAt) + after;
}

/** The next moment at which something is to be done without being asked; ms since 1970 UTC. */
export function wakeAt(
  one: Subscription,
  state: SubscriptionState,
  rules: ChangeRules = referenceRules,
): number | undefined {
  const times = [state.nextAt, state.held?.until, staleAt(one, state, rules)];
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

function without<K extends keyof SubscriptionState>(
  state: SubscriptionState,
  ...keys: readonly K[]
): Omit<SubscriptionState, K> & SubscriptionState {
  const copy = { ...state };
  for (const key of keys) delete copy[key];
  return copy;
}
