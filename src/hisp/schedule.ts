/**
 * When the queue tries again (hisp-behaviour §8).
 *
 * Times count from the moment the message was accepted, so a schedule needs no memory: after a stop of any length the
 * next attempt is the next one of the table that still lies ahead, and a row that is overdue is tried at once.
 *
 * @module
 */
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** 0 s, 30 s, 2, 5, 10, 15 minutes, then every 15 minutes. */
const TRANSMIT = [30 * SECOND, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE];
/** Look-ups and trust: 5 s, 30 s, 2 minutes, then as above. */
const LOOKUP = [5 * SECOND, ...TRANSMIT];
const THEN_EVERY = 15 * MINUTE;
/** The last attempt keeps this distance from the deadline. */
export const LAST_BEFORE_DEADLINE = 2 * MINUTE;

/**
 * The time of the next attempt, or undefined when there is none before the deadline. All in milliseconds since 1970.
 * The attempt before the last one is followed by a last one just before the deadline.
 */
export function nextAttempt(
  kind: 'transmit' | 'lookup',
  acceptedAt: number,
  now: number,
  deadline: number,
): number | undefined {
  const last = deadline - LAST_BEFORE_DEADLINE;
  if (now >= last) return undefined;
  const table = kind === 'lookup' ? LOOKUP : TRANSMIT;
  const passed = now - acceptedAt;
  const offset =
    table.find((candidate) => candidate > passed) ?? (Math.floor(passed / THEN_EVERY) + 1) * THEN_EVERY;
  return Math.min(acceptedAt + offset, last);
}
