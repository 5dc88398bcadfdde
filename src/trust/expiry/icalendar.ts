/**
 * The expiry calendar for calendar programs (RFC 5545).
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { thresholdsOf } from './due.ts';
import { bySoonest, type DatedThing, THING_KINDS } from './thing.ts';

/** Octets of a content line without its CRLF (RFC 5545 §3.1). */
const LINE = 75;

/**
 * A calendar with one event for each thing and an alarm for each threshold. The same thing has the same UID always.
 *
 * @param now ms since 1970 UTC
 */
export function writeCalendar(name: string, things: readonly DatedThing[], now: number): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Anchorage//Expiry calendar//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${escapeText(name)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT12H',
    ...things.toSorted(bySoonest).flatMap((thing) => eventLines(thing, now)),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${foldLine(line)}\r\n`).join('');
}

const eventLines = (thing: DatedThing, now: number): string[] => {
  const { key, kind, title, ends, effect, todo } = thing;
  const summary = `${THING_KINDS[kind]} ends: ${title}`;
  return [
    'BEGIN:VEVENT',
    `UID:${uidOf(key)}`,
    `DTSTAMP:${timeOf(now)}`,
    `DTSTART:${timeOf(ends)}`,
    `SUMMARY:${escapeText(summary)}`,
    `DESCRIPTION:${escapeText(`${effect}.\nWhat to do: ${todo}.`)}`,
    `CATEGORIES:${escapeText(THING_KINDS[kind])}`,
    'TRANSP:TRANSPARENT',
    ...thresholdsOf(thing).flatMap((days) => [
      'BEGIN:VALARM',
      'ACTION:DISPLAY',
      `DESCRIPTION:${escapeText(`${title}: ${days} ${days === 1 ? 'day' : 'days'} left`)}`,
      `TRIGGER:-P${days}D`,
      'END:VALARM',
    ]),
    'END:VEVENT',
  ];
};

/** Says nothing of what it names, and is the same always. */
export const uidOf = (key: string): string =>
  `${createHash('sha256').update(key).digest('hex').slice(0, 40)}@anchorage.invalid`;

/** `20261223T000000Z` */
const timeOf = (ms: number): string => new Date(ms).toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');

/** A TEXT value (RFC 5545 §3.3.11); control characters are left out. */
export const escapeText = (text: string): string =>
  [...text.replace(/\r\n|\r/g, '\n')]
    .filter((one) => one === '\n' || one === '\t' || (one >= ' ' && one !== '\u007f'))
    .map((one) => (one === '\n' ? '\\n' : /[\\;,]/.test(one) ? `\\${one}` : one))
    .join('');

/** Folds at 75 octets, never inside a character (RFC 5545 §3.1). */
export function foldLine(line: string): string {
  const parts: string[] = [];
  let part = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > LINE) {
      parts.push(part);
      // the space that begins the next line counts
      [part, octets] = ['', 1];
    }
    part += character;
    octets += size;
  }
  return [...parts, part].join('\r\n ');
}
