/**
 * The entries of a revocation list: one pass checks their frame and remembers where each begins; the table by serial
 * number is made when the first question comes.
 *
 * @module
 */
import { children, content, expect, type Node, readAsn1, TAG } from '../asn1/read.ts';
import { readTime } from '../asn1/values.ts';
import { PkiError, reading } from './error.ts';
import { type Extension, readExtensions } from './extensions.ts';
import { readGeneralNames } from './general-name.ts';
import { serialText } from './name.ts';
import { EXT } from './oids.ts';
import { candidates, indexSerials, type SerialIndex } from './serial-index.ts';

/** By number (RFC 5280 §5.3.1). */
const REASONS = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'unused',
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
] as const;

export type CrlReason = (typeof REASONS)[number];

export const reasonNumber = (reason: CrlReason): number => REASONS.indexOf(reason);

/** A number that has no meaning is no reason at all. */
export const reasonOf = (number: number): CrlReason => REASONS[number] ?? 'unspecified';

export interface RevokedEntry {
  readonly serial: string;
  /** ms since 1970 UTC. */
  readonly at: number;
  /** `unspecified` when the entry gives none. */
  readonly reason: CrlReason;
}

export interface EntryTable {
  readonly count: number;
  /**
   * The entry of a serial number (`Certificate.serial`), if it stands in the list.
   *
   * @param issuerKey `Name.key` of the certificate's issuer; needed for indirect lists, default the list's issuer
   */
  readonly find: (serial: string, issuerKey?: string) => RevokedEntry | undefined;
  readonly criticalUnknown: readonly string[];
}

const EMPTY: EntryTable = { count: 0, find: () => undefined, criticalUnknown: [] };

const PROCESSED: ReadonlySet<string> = new Set([EXT.reasonCode, EXT.invalidityDate]);
const PROCESSED_INDIRECT: ReadonlySet<string> = new Set([...PROCESSED, EXT.certificateIssuer]);

/** @throws {PkiError} @throws {Asn1Error} */
export function readEntries(
  source: Uint8Array,
  list: Node | undefined,
  issuerKey: string,
  indirect: boolean,
): EntryTable {
  if (!list) return EMPTY;
  const { starts, withExtensions } = frame(source, list.contentStart, list.contentEnd);
  const criticalUnknown = new Set<string>();
  const known = indirect ? PROCESSED_INDIRECT : PROCESSED;
  /** Where another issuer begins: entry number → its name (§5.3.3: it holds for the entries that follow). */
  const issuers = new Map<number, string>();
  for (const index of withExtensions) {
    for (const extension of extensionsAt(source, starts[index]!)) {
      if (extension.critical && !known.has(extension.oid)) criticalUnknown.add(extension.oid);
      if (indirect && extension.oid === EXT.certificateIssuer)
        issuers.set(index, certificateIssuer(extension));
    }
  }
  let index: SerialIndex | undefined;
  const issuerOf = (entry: number): string => {
    let current = issuerKey;
    for (const [from, key] of issuers) {
      if (from > entry) break;
      current = key;
    }
    return current;
  };
  return {
    count: starts.length,
    criticalUnknown: [...criticalUnknown],
    find: (serial, wanted = issuerKey) => {
      index ??= indexSerials(source, starts);
      // of a serial number that stands twice, what was said last counts
      for (const entry of candidates(index, serial)) {
        const same = serialText(serialAt(source, starts[entry]!)) === serial;
        if (same && issuerOf(entry) === wanted) return entryAt(source, starts[entry]!);
      }
      return undefined;
    },
  };
}

/** Offsets of all entries, and the numbers of those that may have a critical extension. */
function frame(source: Uint8Array, from: number, to: number) {
  let starts = new Uint32Array(64);
  let count = 0;
  const withExtensions: number[] = [];
  for (let at = from; at < to; ) {
    const entry = header(source, at, to);
    if (entry.tag !== 0x30) throw new PkiError('structure', `CRL entry ${count} is no SEQUENCE`);
    const bodyStart = entry.start;
    const end = entry.end;
    const serial = header(source, bodyStart, end);
    if (serial.tag !== TAG.integer || serial.end === serial.start)
      throw new PkiError('structure', `CRL entry ${count} has no serial number`);
    const date = header(source, serial.end, end);
    if (date.tag !== TAG.utcTime && date.tag !== TAG.generalizedTime)
      throw new PkiError('structure', `CRL entry ${count} has no date`);
    if (date.end < end && mayBeCritical(source, date.end, end)) withExtensions.push(count);
    if (count === starts.length) {
      const grown = new Uint32Array(count * 2);
      grown.set(starts);
      starts = grown;
    }
    starts[count++] = at;
    at = end;
  }
  return { starts: starts.subarray(0, count), withExtensions };
}

/** What nearly all extensions of entries are: one reasonCode, `30 0c 30 0a 06 03 55 1d 15 04 03 0a 01 nn`. */
const REASON_ONLY = [0x30, 0x0c, 0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01];

/** Only a critical extension needs a look before somebody asks; without a BOOLEAN there is none. */
function mayBeCritical(source: Uint8Array, at: number, end: number): boolean {
  if (end - at === REASON_ONLY.length + 1 && REASON_ONLY.every((octet, i) => source[at + i] === octet))
    return false;
  for (let i = at; i + 2 < end; i++) {
    if (source[i] === TAG.boolean && (source[i + 1] === 1 || source[i + 1]! > 0x80)) return true;
  }
  return false;
}

/** Identifier, start and end of the content of the value at an offset; definite lengths only. */
function header(source: Uint8Array, at: number, limit: number): { tag: number; start: number; end: number } {
  let start = at + 2;
  let length = source[at + 1] ?? 0x80;
  if (length === 0x80 || length > 0x84)
    throw new PkiError('structure', `CRL entry: bad length at octet ${at}`);
  if (length > 0x80) {
    const octets = length & 0x7f;
    length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + (source[start++] ?? 0);
  }
  if (start + length > limit) throw new PkiError('structure', `CRL entry ends early at octet ${at}`);
  return { tag: source[at]!, start, end: start + length };
}

/** Content octets of the serial number of the entry at an offset. */
function serialAt(source: Uint8Array, start: number): Uint8Array {
  const entry = header(source, start, source.length);
  const serial = header(source, entry.start, entry.end);
  return source.subarray(serial.start, serial.end);
}

const nodeAt = (source: Uint8Array, start: number): readonly Node[] =>
  children(readAsn1(source.subarray(start), { trailing: 'allow' }));

function extensionsAt(source: Uint8Array, start: number): Extension[] {
  const extensions = nodeAt(source, start)[2];
  return extensions ? readExtensions(extensions) : [];
}

function entryAt(source: Uint8Array, start: number): RevokedEntry {
  return reading('CRL entry', 'structure', () => {
    const [serial, date] = nodeAt(source, start);
    const coded = extensionsAt(source, start).find((extension) => extension.oid === EXT.reasonCode);
    const number = coded ? content(expect(readAsn1(coded.value), TAG.enumerated, 'reasonCode'))[0] : 0;
    return {
      serial: serialText(content(serial!)),
      at: readTime(date, 'revocationDate'),
      reason: REASONS[number ?? 0] ?? 'unspecified',
    };
  });
}

function certificateIssuer(extension: Extension): string {
  const names = readGeneralNames(readAsn1(extension.value), 'certificateIssuer');
  const directory = names.find((name) => name.type === 'directory');
  if (!directory) throw new PkiError('structure', 'certificateIssuer names no directoryName');
  return directory.name.key;
}
