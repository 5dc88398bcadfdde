/**
 * MIME entities read without altering them: every entity keeps the exact octets it was read from, so that what was
 * signed can be verified.
 *
 * @module
 */
import { decodeBase64 } from './base64.ts';
import { MailError } from './error.ts';
import { type Defect, type HeaderField, note, readFields } from './fields.ts';
import { splitParts } from './multipart.ts';
import { readParameterized } from './parameters.ts';
import { decodeQuotedPrintable } from './quoted-printable.ts';

export interface ContentType {
  /** Lower case, for example `multipart/signed`. */
  readonly type: string;
  /** By lower-case name, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

export type TransferEncoding = '7bit' | '8bit' | 'binary' | 'quoted-printable' | 'base64';

export interface Entity {
  readonly raw: Uint8Array;
  readonly headers: readonly HeaderField[];
  /** The octets after the empty line, as received. */
  readonly body: Uint8Array;
  readonly contentType: ContentType;
  readonly encoding: TransferEncoding;
  /** 0 for what `readEntity` was given, 1 for its parts, … */
  readonly depth: number;
  /** What was read although it should not be so. */
  readonly defects: readonly Defect[];
  /** Value of the first field of this name, in any case. */
  header(name: string): string | undefined;
  /** Values of all fields of this name, in order. */
  headerAll(name: string): string[];
}

const MAX_DEPTH = 20;
const ENCODINGS: readonly string[] = ['7bit', '8bit', 'binary', 'quoted-printable', 'base64'];
/** Fields of which a second one is a defect (RFC 5322 §3.6, RFC 2045 §3). */
const SINGLE = new Set([
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
  'subject',
  'from',
  'to',
  'cc',
  'date',
  'message-id',
]);

/**
 * Reads a message or any MIME entity. Tolerant as wire-facts §15 lists; what was tolerated is in `defects`.
 *
 * @throws {MailError} `limit` when the header is over its bounds
 */
export const readEntity = (bytes: Uint8Array): Entity => entityOf(bytes, 0, true, 'text/plain');

function entityOf(raw: Uint8Array, depth: number, top: boolean, defaultType: string): Entity {
  const { fields, bodyStart, defects } = readFields(raw, top);
  const seen = new Set<string>();
  for (const { key } of fields) {
    if (SINGLE.has(key) && seen.has(key)) note(defects, 'duplicate-field');
    seen.add(key);
  }
  const header = (name: string): string | undefined => {
    const key = name.toLowerCase();
    return fields.find((field) => field.key === key)?.value;
  };
  const contentType = readContentType(header('content-type'), defaultType, defects);
  return {
    raw,
    headers: fields,
    body: raw.subarray(bodyStart),
    contentType,
    encoding: readEncoding(header('content-transfer-encoding'), defects),
    depth,
    defects,
    header,
    headerAll: (name) => {
      const key = name.toLowerCase();
      return fields.filter((field) => field.key === key).map((field) => field.value);
    },
  };
}

function readContentType(value: string | undefined, defaultType: string, defects: Defect[]): ContentType {
  if (value === undefined) return { type: defaultType, parameters: {} };
  const { value: type, parameters, odd } = readParameterized(value);
  const usable = /^[!#$&^_.+\-0-9a-z]+\/[!#$&^_.+\-0-9a-z]+$/.test(type);
  if (odd || !usable) note(defects, 'content-type');
  return { type: usable ? type : defaultType, parameters };
}

function readEncoding(value: string | undefined, defects: Defect[]): TransferEncoding {
  if (value === undefined) return '7bit';
  const token = readParameterized(value).value.replaceAll('"', '');
  if (ENCODINGS.includes(token)) return token as TransferEncoding;
  note(defects, 'transfer-encoding');
  // `null`, `8-bit`, `none` and the like are met in the field: the octets stand for themselves.
  if (/^x-?base-?64$|^base-64$/.test(token)) return 'base64';
  return '7bit';
}

export const isMultipart = (entity: Entity): boolean => entity.contentType.type.startsWith('multipart/');

/**
 * The body with its transfer encoding undone; the same octets for 7bit, 8bit and binary. A multipart is never encoded
 * (RFC 2045 §6.4): its label is passed over.
 *
 * @throws {MailError} `base64`
 */
export function decodedBody(entity: Entity): Uint8Array {
  if (isMultipart(entity)) return entity.body;
  if (entity.encoding === 'base64') return decodeBase64(entity.body).bytes;
  if (entity.encoding === 'quoted-printable') return decodeQuotedPrintable(entity.body).bytes;
  return entity.body;
}

/**
 * The parts of a multipart, in order; for any other entity none. The last part may lack the final boundary: then its
 * multipart is not `isClosed`.
 *
 * @throws {MailError} `mime`, `limit`
 */
export function parts(entity: Entity): Entity[] {
  if (!isMultipart(entity)) return [];
  if (entity.depth + 1 > MAX_DEPTH) {
    throw new MailError('limit', `parts nested deeper than ${MAX_DEPTH}`, MAX_DEPTH);
  }
  const defaultType = entity.contentType.type === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
  const split = splitParts(entity.body, entity.contentType.parameters['boundary'] ?? '');
  return split.parts.map((part) => entityOf(part, entity.depth + 1, false, defaultType));
}

/** Whether the final boundary of a multipart is there. @throws {MailError} as `parts` */
export const isClosed = (entity: Entity): boolean =>
  splitParts(entity.body, entity.contentType.parameters['boundary'] ?? '').closed;

/**
 * The entity inside a `message/rfc822` part, for display and for looking deeper, one level down.
 *
 * @throws {MailError}
 */
export function innerMessage(entity: Entity): Entity {
  if (entity.depth + 1 > MAX_DEPTH) {
    throw new MailError('limit', `messages nested deeper than ${MAX_DEPTH}`, MAX_DEPTH);
  }
  return entityOf(decodedBody(entity), entity.depth + 1, true, 'text/plain');
}
