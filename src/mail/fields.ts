/**
 * Header fields as they stand in a message (RFC 5322 §2.2), read leniently and kept exactly.
 *
 * @module
 */
import { MailError } from './error.ts';
import { CR, headerText, LF, view } from './octets.ts';

export interface HeaderField {
  /** As written, without blanks. */
  readonly name: string;
  /** Lower case, for comparing. */
  readonly key: string;
  /** Unfolded and without blanks at either end; encoded words stay as they are. */
  readonly value: string;
  /** The exact octets with the line end. */
  readonly raw: Uint8Array;
}

/** What was read although it should not be so. */
export type Defect =
  | 'leading-blank'
  | 'mbox-line'
  | 'blank-before-colon'
  | 'no-header-end'
  | 'bare-lf'
  | 'duplicate-field'
  | 'transfer-encoding'
  | 'content-type'
  | 'no-final-boundary'
  | 'report';

/** Adds a defect once. */
export function note(defects: Defect[], defect: Defect): void {
  if (!defects.includes(defect)) defects.push(defect);
}

export interface FieldBlock {
  readonly fields: HeaderField[];
  /** Where the body begins. */
  readonly bodyStart: number;
  readonly defects: Defect[];
}

const MAX_FIELDS = 2000;
const MAX_BLOCK = 1 << 20;
const MAX_FIELD = 256 << 10;

const FIELD = /^[ \t]*([\x21-\x39\x3b-\x7e]{1,998})([ \t]*):/;

/**
 * Reads fields from the start of `bytes` up to and with the empty line. A line that is no field ends the block: the
 * body begins there.
 *
 * @param top a whole message: empty lines and an mbox `From ` line before the first field are passed over. In a part
 *   an empty first line means that it has no fields.
 * @throws {MailError} `limit`
 */
export function readFields(bytes: Uint8Array, top: boolean): FieldBlock {
  const buffer = view(bytes);
  const fields: HeaderField[] = [];
  const defects: Defect[] = [];
  let at = top ? skipPrologue(buffer, defects) : 0;
  const from = at;
  while (at < buffer.length) {
    const end = fieldEnd(buffer, at);
    if (end - from > MAX_BLOCK) throw new MailError('limit', `header over ${MAX_BLOCK} octets`, MAX_BLOCK);
    const first = buffer[at];
    if (first === LF || (first === CR && buffer[at + 1] === LF)) {
      if (first === LF) note(defects, 'bare-lf');
      return { fields, bodyStart: at + (first === LF ? 1 : 2), defects };
    }
    const field = readField(buffer.subarray(at, end), fields.length === 0, defects);
    if (!field) {
      note(defects, 'no-header-end');
      return { fields, bodyStart: at, defects };
    }
    fields.push(field);
    if (fields.length > MAX_FIELDS) throw new MailError('limit', `over ${MAX_FIELDS} fields`, MAX_FIELDS);
    at = end;
  }
  note(defects, 'no-header-end');
  return { fields, bodyStart: buffer.length, defects };
}

function skipPrologue(buffer: Buffer, defects: Defect[]): number {
  let at = 0;
  while (buffer[at] === LF || (buffer[at] === CR && buffer[at + 1] === LF)) at += buffer[at] === LF ? 1 : 2;
  // Empty lines before something that is no field: then the first of them ended an empty header.
  if (at > 0 && !FIELD.test(buffer.toString('latin1', at, at + 1000))) return 0;
  if (at > 0) note(defects, 'leading-blank');
  const line = buffer.toString('latin1', at, at + 1000);
  if (/^>?From [^\n]*\n/.test(line) && !FIELD.test(line)) {
    note(defects, 'mbox-line');
    at = buffer.indexOf(LF, at) + 1;
  }
  return at;
}

/** After the line end of the field that starts at `at`, with its continuation lines. */
function fieldEnd(buffer: Buffer, at: number): number {
  for (let end = at; ; ) {
    const lineFeed = buffer.indexOf(LF, end);
    if (lineFeed < 0) return buffer.length;
    end = lineFeed + 1;
    const next = buffer[end];
    const empty = lineFeed === at || (lineFeed === at + 1 && buffer[at] === CR);
    if (empty || (next !== 0x20 && next !== 0x09)) return end;
  }
}

function readField(raw: Buffer, first: boolean, defects: Defect[]): HeaderField | undefined {
  if (raw.length > MAX_FIELD)
    throw new MailError('limit', `a header field over ${MAX_FIELD} octets`, MAX_FIELD);
  const text = headerText(raw);
  const match = FIELD.exec(text);
  if (!match) return undefined;
  const leading = text[0] === ' ' || text[0] === '\t';
  if (leading) {
    if (!first) return undefined;
    note(defects, 'leading-blank');
  }
  if (match[2]) note(defects, 'blank-before-colon');
  const name = match[1]!;
  const value = text.slice(match[0].length);
  return { name, key: name.toLowerCase(), value: unfold(value), raw };
}

/** Takes the line ends out of a folded value (RFC 5322 §2.2.3) and the blanks from its ends. */
export const unfold = (text: string): string => text.replace(/[\r\n]+/g, '').trim();
