import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueNotices, endsText, nextDue, noticeKey, thresholdsOf } from '../../../src/trust/expiry/due.ts';
import { escapeText, foldLine, uidOf, writeCalendar } from '../../../src/trust/expiry/icalendar.ts';
import {
  bySoonest,
  type DatedThing,
  datedAccreditation,
  datedBundle,
  datedCertificate,
  datedCrl,
} from '../../../src/trust/expiry/thing.ts';
import { A, DAY, NOW } from '../bundle/fixtures.ts';

const concern = { holder: 'h', domain: 'h.example' };
const inDays = (days: number, begins?: number): DatedThing => ({
  ...datedBundle('The bundle', { validFrom: begins, validTo: NOW + days * DAY }, concern),
});
const noted = (thing: DatedThing, ...days: number[]) => new Map([[noticeKey(thing), new Set(days)]]);

describe('things that end', () => {
  it.each([
    ['certificate', datedCertificate('anchor', A, concern), A.notAfter],
    ['list', datedCrl('Root', { thisUpdate: NOW, nextUpdate: NOW + DAY }, concern), NOW + DAY],
    [
      'record, whose last day counts whole',
      datedAccreditation('H', { programme: 'P', from: '2025-01-01', to: '2026-01-04' }, concern),
      Date.UTC(2026, 0, 5),
    ],
  ])('a %s says when, what then and what to do', (_, thing, ends) => {
    expect(thing).toMatchObject({ holder: 'h', domain: 'h.example', ends });
    expect(thing.effect.length * thing.todo.length).toBeGreaterThan(100);
  });

  it('are sorted by their end', () => {
    expect(
      [inDays(3), inDays(1), inDays(2)].toSorted(bySoonest).map(({ ends }) => (ends - NOW) / DAY),
    ).toEqual([1, 2, 3]);
  });
});

describe('notices', () => {
  it.each([
    ['a life of years', undefined, [90, 30, 14, 7, 1]],
    ['a quarter', 90, [30, 14, 7, 1]],
    ['a month', 30, [14, 7, 1]],
    ['a day: a list that is renewed each hour', 1, []],
  ])('come at thresholds that fit %s', (_, life, expected) => {
    expect(thresholdsOf({ ends: NOW, ...(life === undefined ? {} : { begins: NOW - life * DAY }) })).toEqual(
      expected,
    );
  });

  it.each<[number, number[], [number, number[]] | undefined]>([
    [91, [], undefined],
    [90, [], [90, []]],
    [90, [90], undefined],
    [31, [90], undefined],
    [30, [90], [30, []]],
    // seen for the first time, or after a long sleep: one notice, not four
    [6, [], [7, [90, 30, 14]]],
    [6, [90, 30], [7, [14]]],
    [-1, [90, 30, 14, 7], [1, []]],
    [-1, [90, 30, 14, 7, 1], undefined],
  ])('%i days before, with %j told', (days, known, expected) => {
    const thing = inDays(days);
    const due = dueNotices([thing], noted(thing, ...known), NOW);
    expect(due.map((one) => [one.days, one.skipped])).toEqual(expected ? [expected] : []);
  });

  it('begin anew for what was renewed', () => {
    expect(dueNotices([inDays(80)], noted(inDays(5), 90, 30, 14, 7), NOW)).toHaveLength(1);
  });

  it('each threshold is told at most once and at the right time, whatever the rounds', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 120 }), { maxLength: 30 }), (days) => {
        const thing = inDays(100);
        const known = new Map<string, Set<number>>([[noticeKey(thing), new Set()]]);
        for (const day of days.toSorted((a, b) => a - b)) {
          for (const one of dueNotices([thing], known, NOW + day * DAY)) {
            expect(100 - day).toBeLessThanOrEqual(one.days);
            for (const each of [one.days, ...one.skipped]) {
              expect(known.get(noticeKey(thing))!.has(each)).toBe(false);
              known.get(noticeKey(thing))!.add(each);
            }
          }
        }
      }),
    );
  });

  it('know when the next is due, and say it in words', () => {
    expect(nextDue([inDays(100), inDays(95)], NOW)).toBe(NOW + 5 * DAY);
    expect(nextDue([inDays(-1)], NOW)).toBeUndefined();
    expect(endsText(NOW + DAY, NOW)).toBe('ends in 1 day (2026-01-06)');
    expect(endsText(NOW, NOW)).toBe('ended on 2026-01-05');
  });
});

describe('the calendar file', () => {
  const text = writeCalendar('Demo; “network”', [inDays(100), inDays(20, NOW)], NOW);
  const unfolded = text.replaceAll('\r\n ', '').split('\r\n');

  it('is an iCalendar object with events, alarms and UIDs that stay', () => {
    expect(unfolded[0]).toBe('BEGIN:VCALENDAR');
    expect(unfolded.at(-2)).toBe('END:VCALENDAR');
    expect(unfolded).toContain('X-WR-CALNAME:Demo\\; “network”');
    expect(unfolded).toContain(`UID:${uidOf(inDays(1).key)}`);
    expect(unfolded.filter((line) => line === 'BEGIN:VALARM')).toHaveLength(5 + 2);
    expect(unfolded).toContain('DTSTART:20260415T150000Z');
    expect(unfolded).toContain('TRIGGER:-P90D');
    const opened = unfolded.filter((line) => line.startsWith('BEGIN:')).length;
    expect(unfolded.filter((line) => line.startsWith('END:'))).toHaveLength(opened);
  });

  it('has lines of 75 octets at most, and unfolds to what was written', () => {
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (any) => {
        const line = `SUMMARY:${escapeText(any)}`;
        const folded = foldLine(line);
        for (const one of folded.split('\r\n')) expect(Buffer.byteLength(one)).toBeLessThanOrEqual(75);
        expect(folded.replaceAll('\r\n ', '')).toBe(line);
      }),
    );
  });

  it.each([
    ['a;b,c\\d', 'a\\;b\\,c\\\\d'],
    ['one\r\ntwo\rthree\nfour', 'one\\ntwo\\nthree\\nfour'],
    ['nul\u0000 bell\u0007', 'nul bell'],
  ])('escapes %j', (raw, escaped) => expect(escapeText(raw)).toBe(escaped));
});
