/**
 * Master files (RFC 1035 §5, RFC 2308 §4, RFC 3597, RFC 4398 §2.2) as records.
 *
 * Beside what those know, a CERT record may name its certificate: `drbob 300 IN CERT $certificate drbob` puts one
 * record for each certificate that the caller has under that name, as PKIX with key tag and algorithm 0 unless the
 * caller gives better.
 *
 * @module
 */
import { DnsError } from '../error.ts';
import { canonicalName, formatName, parseName } from '../names.ts';
import { decodeRdata } from '../packet-record.ts';
import { type RecordData, type ResourceRecord, recordType, typeName, typeNumber } from '../records.ts';
import { RECORD_TYPES } from '../types/index.ts';
import { EntryFailure, type MasterError, masterError, type Place } from './error.ts';
import { type Fields, MAX_SECONDS, readFields, readSeconds } from './fields.ts';
import { type Entry, readEntries, type Token } from './tokens.ts';

/** A certificate to publish: bare DER, or with what its CERT record says of it. */
export type Placed =
  | Uint8Array
  | {
      readonly der: Uint8Array;
      readonly keyTag: number;
      readonly algorithm: number;
      /** Type of the record, where `der` is something else (RFC 4398 §2.1). Default 1. */
      readonly certType?: number;
    };

export interface MasterOptions {
  /** Name of the file in error texts. */
  readonly file: string;
  /** What relative names are completed by, until `$ORIGIN`. */
  readonly origin?: string;
  /** The text of a file for `$INCLUDE`. The path is relative to the folder of the zone files and never leaves it. */
  include?(path: string): string;
  /** The certificates that `$certificate NAME` stands for; none or a throw when there is no such name. */
  place?(name: string): readonly Placed[];
}

export interface MasterFile {
  readonly records: ResourceRecord[];
  /** Where each record was written. */
  readonly places: ReadonlyMap<ResourceRecord, Place>;
  readonly errors: MasterError[];
}

const MAX_DEPTH = 8;
const MAX_ERRORS = 100;
const MAX_FILES = 1000;

interface State {
  origin: string | undefined;
  owner: string | undefined;
  /** `$TTL` */
  defaultTtl: number | undefined;
  /** Of the record before, where there is no `$TTL` (RFC 1035 §5.1). */
  lastTtl: number | undefined;
}

interface Run {
  readonly options: MasterOptions;
  readonly records: ResourceRecord[];
  readonly places: Map<ResourceRecord, Place>;
  readonly errors: MasterError[];
  files: number;
}

/** Reads on after an error, with the next entry, up to 100 errors. Never throws. */
export function parseMaster(text: string, options: MasterOptions): MasterFile {
  const run: Run = { options, records: [], places: new Map(), errors: [], files: 0 };
  const origin = options.origin === undefined ? undefined : formatName(parseName(options.origin));
  readFile(
    run,
    text,
    options.file,
    { origin, owner: undefined, defaultTtl: undefined, lastTtl: undefined },
    0,
  );
  return { records: run.records, places: run.places, errors: run.errors.slice(0, MAX_ERRORS) };
}

function readFile(run: Run, text: string, file: string, state: State, depth: number): void {
  const { entries, errors } = readEntries(text, file);
  run.errors.push(...errors);
  for (const entry of entries) {
    if (run.errors.length >= MAX_ERRORS) return;
    try {
      const first = entry.tokens[0]!;
      if (!entry.indented && !first.quoted && first.text.startsWith('$')) directive(run, entry, state, depth);
      else readRecord(run, entry, state);
    } catch (error) {
      if (!(error instanceof EntryFailure)) throw error;
      run.errors.push(error.error);
    }
  }
  run.errors.sort((a, b) => (a.file === b.file ? a.line - b.line || a.column - b.column : 0));
}

/** Just behind the last token. */
const endOf = (tokens: readonly Token[]): Place => {
  const last = tokens.at(-1)!;
  return { file: last.file, line: last.line, column: last.column + last.text.length + (last.quoted ? 2 : 0) };
};

function directive(run: Run, entry: Entry, state: State, depth: number): void {
  const [first, ...others] = entry.tokens;
  const fields = readFields(others, endOf(entry.tokens), state.origin);
  switch (first!.text.toUpperCase()) {
    case '$ORIGIN': {
      const origin = fields.name('domain name');
      fields.end('$ORIGIN line');
      state.origin = origin;
      return;
    }
    case '$TTL':
      state.defaultTtl = fields.seconds('TTL');
      fields.end('$TTL line');
      return;
    case '$INCLUDE': {
      const path = fields.next('file name');
      const origin = fields.peek() ? fields.name('domain name') : state.origin;
      fields.end('$INCLUDE line');
      include(run, path, { ...state, origin }, depth);
      return;
    }
    default:
      throw new EntryFailure(
        masterError(
          first!,
          `"${first!.text}"`,
          '$ORIGIN, $TTL or $INCLUDE',
          'if it is an owner name, write its first character as \\$',
        ),
      );
  }
}

/** Origin and owner of the including file stay as they were (RFC 1035 §5.1). */
function include(run: Run, token: Token, state: State, depth: number): void {
  const fail: (expected: string, cure: string) => never = (expected, cure) => {
    throw new EntryFailure(masterError(token, `$INCLUDE "${token.text}"`, expected, cure));
  };
  const path = token.text;
  const inside = path !== '' && !/^[/\\]|^[A-Za-z]:|[\\\0]/.test(path) && !path.split('/').includes('..');
  if (!inside)
    fail('a path within the folder of the zone files', 'write it relative to that folder, without ".."');
  if (depth >= MAX_DEPTH || ++run.files > MAX_FILES) {
    fail(`at most ${MAX_DEPTH} files within each other`, 'look for a file that includes itself');
  }
  const read = run.options.include;
  if (!read) fail('no $INCLUDE here', 'write the records into this file');
  let text = '';
  try {
    text = read(path);
  } catch (error) {
    fail('a file that can be read', (error as Error).message);
  }
  readFile(run, text, path, state, depth + 1);
}

function readRecord(run: Run, entry: Entry, state: State): void {
  const { tokens } = entry;
  const fields: Fields = readFields(tokens, endOf(tokens), state.origin);
  const start = tokens[0]!;
  if (!entry.indented) state.owner = fields.nameOf(fields.next('owner name'), 'owner name');
  const owner = state.owner;
  if (owner === undefined) {
    fields.fail('an entry that starts with a blank', 'an owner name', 'begin with a name');
  }
  const explicit = ttlAndClass(fields);
  const typeText = fields.word('record type');
  const number = typeNumber(typeText);
  if (number === undefined) {
    fields.fail(
      `"${typeText}"`,
      'a record type as CERT or TYPE65280',
      'correct it, or write TYPE and its number',
    );
  }
  if (QUESTION_ONLY.has(number))
    fields.fail(`"${typeText}"`, 'a type that records can have', 'choose another type');
  for (const data of readData(run, fields, number)) {
    const ttl =
      explicit ?? state.defaultTtl ?? state.lastTtl ?? (data.type === 'SOA' ? data.minimum : undefined);
    if (ttl === undefined) noTtl(start);
    state.lastTtl = ttl;
    const record: ResourceRecord = { name: owner, ttl, data };
    run.records.push(record);
    run.places.set(record, { file: start.file, line: start.line, column: start.column });
  }
}

function noTtl(start: Token): never {
  throw new EntryFailure(
    masterError(start, 'a record without a TTL', 'a TTL', 'write $TTL 300 at the top of the file'),
  );
}

/** OPT and the types from 128 to 255 are for messages, not for zones (RFC 6895 §3.1). */
const QUESTION_ONLY = new Set([0, 41, ...Array.from({ length: 128 }, (_, index) => 128 + index)]);

/** TTL and class come in either order, and both may be left out. */
function ttlAndClass(fields: Fields): number | undefined {
  let ttl: number | undefined;
  let classSeen = false;
  for (;;) {
    const token = fields.peek();
    if (!token || token.quoted) return ttl;
    const seconds = readSeconds(token.text);
    const upper = token.text.toUpperCase();
    if (seconds !== undefined && ttl === undefined) {
      fields.next('TTL');
      if (seconds > MAX_SECONDS)
        fields.fail(`"${token.text}"`, 'a TTL of at most 2147483647', 'write fewer seconds');
      ttl = seconds;
    } else if (/^(?:IN|CLASS1)$/.test(upper) && !classSeen) {
      fields.next('class');
      classSeen = true;
    } else if (/^(?:CH|HS|CS|CLASS\d+)$/.test(upper)) {
      fields.next('class');
      fields.fail(`class "${token.text}"`, 'class IN', 'only IN is served here');
    } else return ttl;
  }
}

function readData(run: Run, fields: Fields, number: number): RecordData[] {
  const name = typeName(number);
  const next = fields.peek();
  if (next && !next.quoted && next.text === '\\#') return [genericData(fields, number)];
  if (!(name in RECORD_TYPES)) {
    fields.next('RDATA as \\# LENGTH HEX');
    return fields.fail(
      `RDATA of ${name}`,
      '\\# LENGTH HEX (RFC 3597)',
      'types without a form of their own are written so',
    );
  }
  const known = name as keyof typeof RECORD_TYPES;
  if (known === 'CERT' && next?.text.toLowerCase() === '$certificate') return placedData(run, fields);
  const data = recordType(known).parse(fields);
  fields.end(`${name} record`);
  return [data];
}

function genericData(fields: Fields, number: number): RecordData {
  fields.next('\\#');
  const length = fields.number('RDATA length', 16);
  const hex = fields
    .rest()
    .map((token) => token.text)
    .join('');
  if (!/^(?:[0-9a-f]{2})*$/i.test(hex))
    fields.fail(`"${hex.slice(0, 40)}"`, 'hexadecimal digits in pairs', 'correct them');
  if (hex.length !== length * 2) {
    fields.fail(
      `${hex.length / 2} octets`,
      `the ${length} octets announced`,
      'correct the length or the digits',
    );
  }
  try {
    return decodeRdata(number, Buffer.from(hex, 'hex'));
  } catch (error) {
    if (!(error instanceof DnsError)) throw error;
    return fields.fail(
      `RDATA that is no ${typeName(number)}`,
      `the form of ${typeName(number)}`,
      error.message,
    );
  }
}

function placedData(run: Run, fields: Fields): RecordData[] {
  fields.next('$certificate');
  const name = fields.next('name of a certificate');
  fields.end('CERT record');
  const place = { file: name.file, line: name.line, column: name.column };
  const fail = (cure: string): never => {
    throw new EntryFailure(
      masterError(place, `$certificate "${name.text}"`, 'the name of a certificate', cure),
    );
  };
  let placed: readonly Placed[] = [];
  try {
    placed = run.options.place?.(name.text) ?? fail('there are no named certificates here; write base64');
  } catch (error) {
    if (error instanceof EntryFailure) throw error;
    fail((error as Error).message);
  }
  if (placed.length === 0)
    fail('there is no certificate of this name; correct the name or make the certificate');
  return placed.map((one) => {
    const {
      der,
      keyTag,
      algorithm,
      certType = 1,
    } = one instanceof Uint8Array ? { der: one, keyTag: 0, algorithm: 0 } : one;
    return { type: 'CERT', certType, keyTag, algorithm, payload: der };
  });
}

/** The owner of the first SOA record: what the file is the zone of. */
export const originOf = (records: readonly ResourceRecord[]): string | undefined => {
  const soa = records.find((record) => record.data.type === 'SOA');
  return soa && canonicalName(soa.name);
};
