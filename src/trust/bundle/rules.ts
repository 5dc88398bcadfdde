/**
 * The rules by which a change of anchors is made at once, made later, or never (hisp-behaviour §10, REQ-TB-17). Each
 * stands alone, so that a peer can be without one.
 *
 * @module
 */
import { type Cause, cause } from '../../outcome/cause.ts';
import type { BundleDiff } from './diff.ts';
import type { AnchorSet, SubscriptionState } from './state.ts';
import type { Subscription } from './subscription.ts';

const MINUTE = 60_000;
/** After the first, second, third and every further failure in a row. */
export const BACK_OFF: readonly number[] = [MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE];
/** How long a change may be held. */
export const HOLD = 24 * 60 * MINUTE;
const SHRINK = { share: 0.5, anchors: 5 } as const;

export interface HoldReason {
  readonly cause: Cause;
  /** Whether it applies by itself after a day. */
  readonly expires: boolean;
  /** Whether to hold it, or only to tell. */
  readonly hold: boolean;
}

export interface ChangeRules {
  /** When to try next; undefined: when asked to. */
  readonly nextAt: (
    one: Subscription,
    state: Pick<SubscriptionState, 'failures'>,
    now: number,
  ) => number | undefined;
  /** Why a change is too large to be made without somebody looking. */
  readonly size: (one: Subscription, before: number, diff: BundleDiff) => HoldReason | undefined;
  /** Why a set looks like one that was replaced already. */
  readonly replay: (
    one: Subscription,
    state: SubscriptionState,
    set: AnchorSet,
    diff: BundleDiff,
  ) => HoldReason | undefined;
  /** ms without success after which the set is stale; undefined: never. */
  readonly staleAfter: (one: Subscription) => number | undefined;
}

export const referenceRules: ChangeRules = {
  nextAt({ intervalMs }, { failures }, now) {
    if (intervalMs === 0) return undefined;
    if (failures === 0) return now + intervalMs;
    return now + Math.min(intervalMs, BACK_OFF[Math.min(failures, BACK_OFF.length) - 1]!);
  },
  size(_one, before, { removed }) {
    if (removed.length < SHRINK.anchors || removed.length <= before * SHRINK.share) return undefined;
    const to = before - removed.length;
    return { cause: cause('bundle.shrink', { from: before, to }), expires: true, hold: true };
  },
  replay({ url, replay }, { seen, newestSigned }, set, diff) {
    const hold = replay === 'hold';
    if (set.signingTime !== undefined && newestSigned !== undefined && set.signingTime < newestSigned) {
      const why = `signed ${iso(set.signingTime)}, when one signed ${iso(newestSigned)} is known`;
      // a signature tells which one is newer, so time cures nothing
      return { cause: cause('bundle.replay', { url, why }), expires: false, hold };
    }
    if (!seen.includes(set.sha256)) return undefined;
    const why = `its checksum ${set.sha256.slice(0, 16)} was replaced by another before`;
    // A publisher who takes back an addition publishes the same octets as before: what only removes does no harm.
    const restores = diff.added.length + diff.changed.length > 0;
    return { cause: cause('bundle.replay', { url, why }), expires: true, hold: hold && restores };
  },
  staleAfter: ({ intervalMs }) => (intervalMs === 0 ? undefined : 2 * intervalMs),
};

const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
