/**
 * Dates of IMAP (RFC 3501 §9): `date-time` of INTERNALDATE and APPEND, `date` of SEARCH.
 *
 * @module
 */
import type { Cursor } from './cursor.ts';
import { ImapError } from './error.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY = 86_400_000;

const two = (value: number): string => String(value).padStart(2, '0');

/** ` 5-Jan-2026 15:00:00 +0000` from milliseconds since 1970 UTC. */
export function formatDateTime(ms: number): string {
  const date = new Date(ms);
  const day = String(date.getUTCDate()).padStart(2, ' ');
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${day}-${MONTHS[date.getUTCMonth()]}-${String(date.getUTCFullYear()).padStart(4, '0')} ${time} +0000`;
}

/** Milliseconds since 1970 UTC. @throws {ImapError} `syntax` */
export function readDateTime(cursor: Cursor): number {
  const text = cursor.match(
    /"[ \d]\d-[A-Za-z]{3}-\d{4} \d\d:\d\d:\d\d [+-]\d{4}"/y,
    'a date such as " 5-Jan-2026 15:00:00 +0000"',
  );
  const clock = text.slice(13, 21).split(':').map(Number);
  const zone = Number(text.slice(23, 25)) * 60 + Number(text.slice(25, 27));
  const [hours, minutes, seconds] = clock as [number, number, number];
  if (hours > 23 || minutes > 59 || seconds > 60)
    throw new ImapError('syntax', 'there is no such time of day');
  const midnight = dayOf(text.slice(1, 12));
  const offset = (text[22] === '-' ? -1 : 1) * zone * 60_000;
  return midnight + ((hours * 60 + minutes) * 60 + seconds) * 1000 - offset;
}

/** The day that SEARCH names, as its midnight in UTC. @throws {ImapError} `syntax` */
export function readDay(cursor: Cursor): number {
  const text = cursor.match(/"?\d{1,2}-[A-Za-z]{3}-\d{4}"?/y, 'a date such as 5-Jan-2026');
  if (text.startsWith('"') !== text.endsWith('"')) throw new ImapError('syntax', 'a date with one quote');
  return dayOf(text.replaceAll('"', ''));
}

function dayOf(text: string): number {
  const [day, name, year] = text.trim().split('-') as [string, string, string];
  const month = MONTHS.findIndex((one) => one.toLowerCase() === name.toLowerCase());
  const ms = Date.UTC(Number(year), month, Number(day));
  if (month < 0 || new Date(ms).getUTCDate() !== Number(day)) {
    throw new ImapError('syntax', `there is no day ${text.trim()}`);
  }
  return ms;
}

/** The day of a moment, as its midnight. */
export const dayAt = (ms: number): number => Math.floor(ms / DAY) * DAY;
