/**
 * What a check, a scenario or a whole run comes to.
 *
 * `fail` speaks of the system under test, `error` of the testbed itself.
 *
 * @module
 */
export const STATUSES = ['pass', 'fail', 'warn', 'skip', 'na', 'error', 'cancelled'] as const;

export type Status = (typeof STATUSES)[number];

/** Most telling first: what one of these says of a part, it says of the whole. */
const PRIORITY: readonly Status[] = ['fail', 'error', 'cancelled', 'warn', 'skip', 'pass', 'na'];

/** The status of a whole from the statuses of its required parts; `na` when there are none. */
export function rollUp(parts: Iterable<Status>): Status {
  const seen = new Set(parts);
  return PRIORITY.find((status) => seen.has(status)) ?? 'na';
}

export type Tally = Record<Status, number>;

export function tally(statuses: Iterable<Status>): Tally {
  const counts: Tally = { pass: 0, fail: 0, warn: 0, skip: 0, na: 0, error: 0, cancelled: 0 };
  for (const status of statuses) counts[status]++;
  return counts;
}

/**
 * The exit code of a run: a failed check 1, else an error of the testbed 3, else 0. `strict` makes warn and skip
 * count as 1. (Bad usage is 2 and an interrupt 130; those never reach a tally.)
 */
export function exitCode(counts: Tally, options: { strict?: boolean } = {}): 0 | 1 | 3 {
  if (counts.fail > 0) return 1;
  if (counts.error > 0) return 3;
  return options.strict && (counts.warn > 0 || counts.skip > 0) ? 1 : 0;
}
