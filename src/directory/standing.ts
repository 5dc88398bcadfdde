/**
 * How an address stands with us (directory §5.4 and §5.7): one that cannot be verified is flagged after a week and
 * hidden after a month, as is one that nobody ever verified.
 *
 * @module
 */
import type { Entry } from './entries.ts';

const DAY = 86_400_000;
export const FLAGGED_AFTER = 7 * DAY;
export const HIDDEN_AFTER = 30 * DAY;

export interface Standing {
  readonly state: 'listed' | 'flagged' | 'hidden';
  /** Since when it cannot be verified, ms UTC; undefined: it can. */
  readonly since?: number;
  /** Whether it was verified before. */
  readonly everVerified?: boolean;
}

/** @param now ms since 1970 UTC */
export function standingOf(
  {
    failingSince,
    verification,
    firstSeen,
    record,
  }: Pick<Entry, 'failingSince' | 'verification' | 'firstSeen' | 'record'>,
  now: number,
): Standing {
  const never = verification === 'never' && record.ENDPOINT_VERIFIED_ON === '';
  const since = failingSince ?? (never ? firstSeen : undefined);
  if (since === undefined) return { state: 'listed' };
  const age = now - since;
  const state = age >= HIDDEN_AFTER ? 'hidden' : age >= FLAGGED_AFTER ? 'flagged' : 'listed';
  return { state, since, everVerified: !never };
}

/**
 * Condition of those that are not hidden, on the `r` and `e` of `SELECT_ENTRY`; takes the time of now less
 * `HIDDEN_AFTER`.
 */
export const NOT_HIDDEN =
  "coalesce(e.failing_since, case when e.outcome is null and r.endpoint_verified_on = '' then e.first_seen end, 9e15) > ?";
