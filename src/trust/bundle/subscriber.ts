/**
 * Runs subscriptions: fetches what is due, keeps what is good, and gives the anchors that count at this moment.
 *
 * @module
 */
import type { Fetcher } from '../../http/fetch.ts';
import type { Cancel, Host } from '../../net/host.ts';
import { type Cause, sentence } from '../../outcome/cause.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { type AnchorEntry, type AnchorSource, anchorOf, anchorSets } from '../anchors.ts';
import { anchorSet, type ConsumeParts, inputOf, referenceConsumer } from './consume-parts.ts';
import { BundleError } from './error.ts';
import { eventJson } from './event-text.ts';
import { BACK_OFF } from './rules.ts';
import type { Kept, KeptOctets, Shelf } from './shelf.ts';
import type { AnchorSet, BundleEvent, BundleInput, SubscriptionState } from './state.ts';
import type { Subscription } from './subscription.ts';
import { newState, transition, wakeAt } from './transition.ts';

export interface SubscriberOptions {
  readonly subscriptions: readonly Subscription[];
  /** Made with `BUNDLE_FETCH`. */
  readonly fetcher: Pick<Fetcher, 'get'>;
  readonly shelf: Shelf;
  readonly parts?: ConsumeParts;
  /** Hears of everything that happens. */
  readonly tell?: (event: BundleEvent) => void;
}

export interface Subscriber {
  /** Refreshes what is due from now on. */
  start(): void;
  /** Ends the schedule, and waits for what is under way. */
  stop(): Promise<void>;
  /** Fetches now, whatever the schedule says. */
  refresh(id: string): Promise<SubscriptionState>;
  /** What an operator decides about what is held, or about the last change. */
  decide(id: string, what: 'apply' | 'discard' | 'rollback'): SubscriptionState;
  state(id: string): SubscriptionState;
  /** What is trusted now. A change counts for the next decision. */
  readonly anchors: AnchorSource;
  entries(): readonly AnchorEntry[];
  /** What stands in the bundles and is no anchor all the same. */
  inactive(id: string): readonly { readonly certificate: Certificate; readonly cause: Cause }[];
}

/** A subscription, and who runs it. */
export interface Taken {
  readonly subscription: Subscription;
  readonly subscriber: Pick<Subscriber, 'state' | 'inactive' | 'refresh'>;
}

interface Slot {
  readonly one: Subscription;
  state: SubscriptionState;
  running?: Promise<SubscriptionState>;
}

/** Takes up what the shelf has; what is kept is verified again, and is not taken up when it no longer passes. */
export function createSubscriber(host: Host, options: SubscriberOptions): Subscriber {
  const { fetcher, shelf, parts = referenceConsumer } = options;
  const tell = (event: BundleEvent, cause?: number): void => {
    host.events.emit({
      kind: 'step',
      ...(cause === undefined ? {} : { cause }),
      summary: eventJson(event),
    });
    options.tell?.(event);
  };
  const slots = new Map<string, Slot>();
  for (const one of options.subscriptions) {
    const { state, lost } = takenUp(host, one, shelf, parts);
    slots.set(one.id, { one, state });
    if (lost !== undefined) tell({ kind: 'not-read', why: lost, subscription: one.id, at: host.now() });
  }
  let entries: readonly AnchorEntry[] = [];
  let source: AnchorSource = anchorSets([]);
  const gather = (): void => {
    entries = [...slots.values()].flatMap(({ one, state }) => entriesOf(one, state, parts));
    source = anchorSets(entries);
  };
  gather();
  let cancel: Cancel | undefined;
  let started = false;

  const apply = (slot: Slot, input: BundleInput, event?: number): SubscriptionState => {
    const now = host.now();
    const { state, events } = transition(slot.one, slot.state, input, now, parts.rules);
    try {
      if (state !== slot.state && (events.length > 0 || input.kind !== 'time'))
        shelf.save(slot.one.id, state);
      slot.state = state;
    } catch (error) {
      // What cannot be kept is not trusted either: after a restart it would be otherwise.
      const why = error instanceof Error ? error.message : String(error);
      const nextAt = state.nextAt === undefined ? {} : { nextAt: now + BACK_OFF[0]! };
      slot.state = { ...slot.state, lastAttempt: now, ...nextAt };
      tell({ kind: 'not-kept', why, subscription: slot.one.id, at: now }, event);
      return slot.state;
    }
    if (events.some(({ kind }) => kind === 'installed')) gather();
    for (const one of events) tell(one, event);
    return state;
  };

  const fetchNow = async (slot: Slot): Promise<SubscriptionState> => {
    const { current } = slot.state;
    const { etag, lastModified } = current ?? {};
    const result = await fetcher.get(slot.one.url, {
      accept: 'application/x-pkcs7-certificates, application/pkcs7-mime, */*;q=0.5',
      ...(etag === undefined ? {} : { etag }),
      ...(lastModified === undefined ? {} : { since: lastModified }),
    });
    return apply(slot, inputOf(result, slot.one, host.now(), parts), result.event);
  };

  const refresh = (slot: Slot): Promise<SubscriptionState> =>
    (slot.running ??= fetchNow(slot).finally(() => {
      delete slot.running;
      plan();
    }));

  const plan = (): void => {
    cancel?.();
    cancel = undefined;
    if (!started) return;
    const times = [...slots.values()]
      .filter(({ running }) => !running)
      .map(({ one, state }) => wakeAt(one, state, parts.rules))
      .filter((time) => time !== undefined);
    if (times.length === 0) return;
    // a day at most: a longer timer would overflow, and a clock that jumped is noticed
    const ms = Math.min(Math.max(0, Math.min(...times) - host.now()), 86_400_000);
    cancel = host.timer(ms, wake);
  };

  const wake = (): void => {
    const now = host.now();
    for (const slot of slots.values()) {
      if (slot.running) continue;
      apply(slot, { kind: 'time' });
      if (slot.state.nextAt !== undefined && slot.state.nextAt <= now) void refresh(slot);
    }
    plan();
  };

  const slotOf = (id: string): Slot => {
    const slot = slots.get(id);
    if (!slot) throw new BundleError('spec', `there is no subscription "${id}"`);
    return slot;
  };

  return {
    start() {
      started = true;
      plan();
    },
    async stop() {
      started = false;
      plan();
      await Promise.all([...slots.values()].map(({ running }) => running));
    },
    refresh: async (id) => {
      const slot = slotOf(id);
      apply(slot, { kind: 'time' });
      return refresh(slot);
    },
    decide(id, what) {
      const state = apply(slotOf(id), { kind: what });
      plan();
      return state;
    },
    state: (id) => slotOf(id).state,
    anchors: (domain, direction) => source(domain, direction),
    entries: () => entries,
    inactive(id) {
      const { one, state } = slotOf(id);
      return (state.current?.certificates ?? []).flatMap((certificate) => {
        const cause = parts.inactive(certificate, one);
        return cause ? [{ certificate, cause }] : [];
      });
    },
  };
}

function entriesOf(one: Subscription, state: SubscriptionState, parts: ConsumeParts): AnchorEntry[] {
  const active = (state.current?.certificates ?? []).filter(
    (certificate) => !parts.inactive(certificate, one),
  );
  return one.domains.flatMap(({ domain, incoming, outgoing }) =>
    active.map((certificate) => ({ domain, anchor: anchorOf(certificate, one.title), incoming, outgoing })),
  );
}

interface TakenUp {
  readonly state: SubscriptionState;
  /** Why the set that counted cannot be used any more. */
  readonly lost?: string;
}

function takenUp(host: Host, one: Subscription, shelf: Shelf, parts: ConsumeParts): TakenUp {
  const fresh = newState(one, host.now());
  let kept: Kept | undefined;
  try {
    kept = shelf.load(one.id);
  } catch (error) {
    if (error instanceof BundleError) return { state: fresh, lost: error.message };
    throw error;
  }
  if (!kept) return { state: fresh };
  const current = again(kept.current, one, parts);
  const previous = again(kept.previous, one, parts);
  const held = again(kept.held?.set, one, parts);
  const { nextAt: planned, ...rest } = kept.state;
  const good = current !== undefined && !('lost' in current);
  // what has to be fetched anew is due now
  const nextAt = good ? (planned ?? host.now()) : host.now();
  return {
    state: {
      ...rest,
      ...(good ? { current } : {}),
      ...(previous && !('lost' in previous) ? { previous } : {}),
      ...(good && held && !('lost' in held) && kept.held ? { held: { ...kept.held, set: held } } : {}),
      ...(one.intervalMs === 0 ? {} : { nextAt }),
    },
    ...(current && 'lost' in current ? { lost: current.lost } : {}),
  };
}

/** Reads and verifies what was kept, as of the time when it was accepted. */
function again(
  octets: KeptOctets | undefined,
  one: Subscription,
  parts: ConsumeParts,
): AnchorSet | { readonly lost: string } | undefined {
  if (!octets) return undefined;
  try {
    const set = anchorSet(octets, one, octets.fetchedAt, parts);
    return set.sha256 === octets.sha256 ? set : { lost: 'the file was changed' };
  } catch (error) {
    if (error instanceof BundleError) return { lost: sentence(error.reason) };
    throw error;
  }
}
