/**
 * When somebody is told that a thing ends.
 *
 * @module
 */
import type { DatedThing } from './thing.ts';

const DAY = 86_400_000;

/** Days before the end, farthest first. */
export const THRESHOLDS: readonly number[] = [90, 30, 14, 7, 1];

/** The thresholds that make sense: one farther than half of a thing's life says nothing (a list that is good for a day). */
export const thresholdsOf = ({ begins, ends }: Pick<DatedThing, 'begins' | 'ends'>): readonly number[] =>
  begins === undefined ? THRESHOLDS : THRESHOLDS.filter((days) => days * DAY * 2 <= ends - begins);

/** A thing together with its end: what was renewed is told of anew. */
export const noticeKey = ({ key, ends }: DatedThing): string => `${key}|${ends}`;

export interface DueNotice {
  readonly thing: DatedThing;
  /** The nearest threshold that was passed. */
  readonly days: number;
  /** Farther ones that were passed as well and are not told any more. */
  readonly skipped: readonly number[];
}

/**
 * What is to be told now: of each thing at most one notice, for the nearest threshold that was passed.
 *
 * @param noted thresholds by `noticeKey`
 * @param now ms since 1970 UTC
 */
export function dueNotices(
  things: readonly DatedThing[],
  noted: ReadonlyMap<string, ReadonlySet<number>>,
  now: number,
): DueNotice[] {
  return things.flatMap((thing) => {
    const known = noted.get(noticeKey(thing));
    const passed = thresholdsOf(thing).filter((days) => now >= thing.ends - days * DAY);
    const days = passed.at(-1);
    if (days === undefined || known?.has(days)) return [];
    return [{ thing, days, skipped: passed.filter((one) => one !== days && !known?.has(one)) }];
  });
}

/** When the next notice is due; undefined: never. */
export function nextDue(things: readonly DatedThing[], now: number): number | undefined {
  const times = things.flatMap((thing) => thresholdsOf(thing).map((days) => thing.ends - days * DAY));
  const ahead = times.filter((time) => time > now);
  return ahead.length === 0 ? undefined : ahead.reduce((least, time) => Math.min(least, time));
}

/** `ends in 30 days (2026-12-23)`, `ended on 2026-11-20`. */
export function endsText(ends: number, now: number): string {
  const date = new Date(ends).toISOString().slice(0, 10);
  if (now >= ends) return `ended on ${date}`;
  const days = Math.ceil((ends - now) / DAY);
  return `ends in ${days} ${days === 1 ? 'day' : 'days'} (${date})`;
}

/** One line. */
export const noticeText = ({ title, ends }: DatedThing, now: number): string =>
  `${title} ${endsText(ends, now)}`;
