/**
 * Zone files: text to zone, zone to text, and a folder of them.
 *
 * @module
 */
import { DnsError } from '../error.ts';
import { checkZone, type Zone } from '../zone.ts';
import { formatPlace } from './error.ts';
import { type MasterOptions, originOf, parseMaster } from './parse.ts';

export type { MasterError, Place } from './error.ts';
export { type MasterFile, type MasterOptions, type Placed, parseMaster } from './parse.ts';
export { printMaster } from './print.ts';

/**
 * The zone that a master file holds; its origin is the owner of its SOA record.
 *
 * @throws {DnsError} `zone`; the message has a line `file:line:column: …` for each error
 */
export function parseZone(text: string, options: MasterOptions): Zone {
  const { records, places, errors } = parseMaster(text, options);
  const found = errors.map((error) => error.text);
  const origin = originOf(records) ?? options.origin;
  if (origin === undefined) {
    // Without a SOA there is nothing to hold the records against; other errors may be the cause, so they come first.
    throw new DnsError('zone', [...found, noSoa(options.file)].join('\n'));
  }
  const { zone, problems } = checkZone(origin, records);
  for (const { text: problem, record } of found.length > 0 ? [] : problems) {
    const place = record && places.get(record);
    found.push(`${place ? formatPlace(place) : `${options.file}:1:1`}: ${problem}`);
  }
  if (found.length > 0) throw new DnsError('zone', found.join('\n'));
  return zone;
}

const noSoa = (file: string): string =>
  `${file}:1:1: found no SOA record; expected one at the origin of the zone; add it`;
