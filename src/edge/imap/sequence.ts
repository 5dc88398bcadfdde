/**
 * Sets of sequence numbers or UIDs: `1,3:5,7:*` (RFC 3501 §9, sequence-set).
 *
 * @module
 */
import type { Cursor } from './cursor.ts';
import { ImapError } from './error.ts';

/** `'*'` is the largest number in use. */
export type Bound = number | '*';
export type SequenceSet = readonly (readonly [Bound, Bound])[];

const MAX_RANGES = 5000;

/** @throws {ImapError} */
export function readSequenceSet(cursor: Cursor): SequenceSet {
  const bound = (): Bound => {
    if (cursor.take('*')) return '*';
    const value = cursor.number();
    if (value === 0) throw new ImapError('syntax', 'numbers of messages begin at 1');
    return value;
  };
  const set: (readonly [Bound, Bound])[] = [];
  do {
    const from = bound();
    set.push([from, cursor.take(':') ? bound() : from]);
    if (set.length > MAX_RANGES) throw new ImapError('limit', `over ${MAX_RANGES} ranges`);
  } while (cursor.take(','));
  return set;
}

/** Which of `numbers` (ascending) are in the set. */
export function chosen(set: SequenceSet, numbers: readonly number[]): number[] {
  const largest = numbers.at(-1) ?? 0;
  const ranges = set
    .map(([a, b]) => [a === '*' ? largest : a, b === '*' ? largest : b] as const)
    .map(([a, b]) => (a <= b ? ([a, b] as const) : ([b, a] as const)))
    .sort((a, b) => a[0] - b[0]);
  const out: number[] = [];
  let next = 0;
  let until = 0;
  for (const number of numbers) {
    while (next < ranges.length && ranges[next]![0] <= number) until = Math.max(until, ranges[next++]![1]);
    if (number <= until) out.push(number);
  }
  return out;
}

/** `1:3,7` of ascending numbers. */
export function formatSet(numbers: readonly number[]): string {
  const out: string[] = [];
  for (let i = 0; i < numbers.length; ) {
    let last = i;
    while (last + 1 < numbers.length && numbers[last + 1] === numbers[last]! + 1) last++;
    out.push(last === i ? String(numbers[i]) : `${numbers[i]}:${numbers[last]}`);
    i = last + 1;
  }
  return out.join(',');
}
