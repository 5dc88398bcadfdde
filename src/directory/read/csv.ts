/**
 * CSV as RFC 4180 has it: UTF-8 with or without a byte order mark, CRLF or LF, quotes that may hold line ends.
 *
 * Total: whatever the octets are, each record is either fields or a fault that says line, column, found and expected.
 *
 * @module
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { DirectoryError } from '../error.ts';
import { type Chunks, type Fault, shown } from './item.ts';
import { type Line, lines, MAX_LINE } from './lines.ts';

export type CsvRow =
  | { readonly kind: 'fields'; readonly line: number; readonly fields: readonly string[] }
  | {
      readonly kind: 'fault';
      readonly fault: Omit<Fault, 'column'> /** From 0. */;
      readonly column?: number;
    };

/** The rows of a file, the header among them. Empty lines are left out. @throws {DirectoryError} UTF-16 */
export function* csvRows(chunks: Chunks): Generator<CsvRow> {
  const source = lines(chunks)[Symbol.iterator]();
  let first = true;
  for (let next = source.next(); !next.done; next = source.next()) {
    let line = next.value;
    if (first) {
      first = false;
      line = { ...line, bytes: withoutMark(line.bytes) };
    }
    if (line.length === 0 || line.bytes.length === 0) continue;
    const fast = octetFault(line);
    if (fast) {
      yield fast;
      continue;
    }
    if (!line.bytes.includes(QUOTE)) {
      const text = textOf(line.bytes);
      if (text.includes('\r')) yield bareCr(line.number);
      else yield { kind: 'fields', line: line.number, fields: text.split(',') };
      continue;
    }
    yield quoted(line, () => {
      const more = source.next();
      return more.done ? undefined : more.value;
    });
  }
}

const QUOTE = 0x22;

const textOf = (bytes: Buffer): string =>
  isAscii(bytes) ? bytes.toString('latin1') : bytes.toString('utf8');

function withoutMark(bytes: Buffer): Buffer {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new DirectoryError('format', 'line 1: the file is UTF-16; expected UTF-8', {
      hint: 'Save it as “CSV UTF-8”.',
      line: 1,
    });
  }
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

const faultAt = (line: number, found: string, expected: string, column?: number): CsvRow => ({
  kind: 'fault',
  fault: { line, found: shown(found), expected },
  ...(column === undefined ? {} : { column }),
});

const bareCr = (line: number): CsvRow =>
  faultAt(line, 'a carriage return without a line feed', 'lines that end with CRLF or LF');

/** What can be said before the line is text. */
function octetFault({ bytes, number, length }: Line): CsvRow | undefined {
  if (length > MAX_LINE) {
    return faultAt(number, `a line of ${length} octets`, `at most ${MAX_LINE} octets a line`);
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0) return faultAt(number, `a NUL octet at position ${nul + 1}`, 'text', columnOf(bytes, nul));
  if (!isUtf8(bytes)) {
    const at = firstInvalid(bytes);
    const octet = bytes[at]!;
    const meant = new TextDecoder('windows-1252').decode(bytes.subarray(at, at + 1));
    return faultAt(
      number,
      `octet 0x${octet.toString(16).toUpperCase()} at position ${at + 1}, which is not UTF-8 (in Windows-1252 it is '${meant}')`,
      'UTF-8 in the whole file',
      columnOf(bytes, at),
    );
  }
  return undefined;
}

/** Where the longest valid beginning ends. */
function firstInvalid(bytes: Buffer): number {
  let low = 0;
  let high = bytes.length;
  // a cut inside a character is invalid as well, so look back over the at most three octets of one
  const valid = (end: number): boolean =>
    [0, 1, 2, 3].some((back) => end - back >= 0 && isUtf8(bytes.subarray(0, end - back)));
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (valid(middle)) low = middle;
    else high = middle - 1;
  }
  for (let at = Math.max(0, low - 4); at <= low; at++) {
    if (!isUtf8(bytes.subarray(0, at + 1)) && !startsCharacter(bytes, at)) return at;
  }
  return low;
}

const startsCharacter = (bytes: Buffer, at: number): boolean =>
  [2, 3, 4].some((size) => at + size <= bytes.length && isUtf8(bytes.subarray(at, at + size)));

/** The field, from 0, that an octet lies in. */
function columnOf(bytes: Buffer, position: number): number {
  let column = 0;
  let inside = false;
  for (let at = 0; at < position; at++) {
    if (bytes[at] === QUOTE) inside = !inside;
    else if (bytes[at] === 0x2c && !inside) column += 1;
  }
  return column;
}

/** A record with quotes, which may go on over the following lines. */
function quoted(first: Line, more: () => Line | undefined): CsvRow {
  const fields: string[] = [];
  let text = textOf(first.bytes);
  let size = first.length;
  let at = 0;
  for (;;) {
    if (text[at] !== '"') {
      const comma = text.indexOf(',', at);
      const end = comma < 0 ? text.length : comma;
      const field = text.slice(at, end);
      if (field.includes('"')) {
        return faultAt(first.number, field, 'a field with a quote in it stands in quotes', fields.length);
      }
      if (field.includes('\r')) return bareCr(first.number);
      fields.push(field);
      if (comma < 0) break;
      at = comma + 1;
      continue;
    }
    let field = '';
    let from = at + 1;
    let close = text.indexOf('"', from);
    for (;;) {
      if (close < 0) {
        const next = more();
        if (!next) {
          return faultAt(first.number, 'a quote that is never closed', 'a closing quote', fields.length);
        }
        const wrong = octetFault(next);
        if (wrong) return wrong;
        size += next.length + 1;
        if (size > MAX_LINE) {
          return faultAt(
            first.number,
            `a record of more than ${MAX_LINE} octets, from a quote that is not closed`,
            `at most ${MAX_LINE} octets a record`,
            fields.length,
          );
        }
        text = `${text}\n${textOf(next.bytes)}`;
        close = text.indexOf('"', from);
        continue;
      }
      if (text[close + 1] !== '"') break;
      field += text.slice(from, close + 1);
      from = close + 2;
      close = text.indexOf('"', from);
    }
    field += text.slice(from, close);
    fields.push(field);
    at = close + 1;
    if (at >= text.length) break;
    if (text[at] !== ',') {
      return faultAt(
        first.number,
        `${text.slice(at, at + 20)} after a closing quote`,
        'a comma, or the end of the line',
        fields.length - 1,
      );
    }
    at += 1;
  }
  return { kind: 'fields', line: first.number, fields };
}
