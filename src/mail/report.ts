/**
 * `multipart/report` (RFC 6522): the shell of disposition and delivery notifications.
 *
 * @module
 */
import type { Address } from './address.ts';
import { parseAddress, parseAddressList } from './address.ts';
import { isSevenBit } from './canonical.ts';
import { decodeText } from './charset.ts';
import { messageHeader, multipart, textPart } from './compose.ts';
import { decodedBody, type Entity, isClosed, isMultipart, parts, readEntity } from './entity.ts';
import { MailError } from './error.ts';
import { type Defect, note, readFields } from './fields.ts';
import { field, textField } from './folding.ts';
import { inReplyTo, messageIdKey } from './message-id.ts';
import { ascii } from './octets.ts';

export interface ReportField {
  /** As written. */
  readonly name: string;
  /** Lower case. */
  readonly key: string;
  /** Unfolded, without blanks at its ends. */
  readonly value: string;
}

/** What both kinds of notification have. */
export interface Report {
  readonly from: Address | undefined;
  readonly to: readonly Address[];
  readonly messageId: string | undefined;
  /** From In-Reply-To, else the last of References; compared form. */
  readonly inReplyTo: string | undefined;
  readonly subject: string | undefined;
  /** The part for people, decoded. */
  readonly text: string;
  readonly defects: readonly Defect[];
}

export interface ReadReport extends Report {
  /** The machine part's fields in blocks that empty lines separate; none is empty. */
  readonly blocks: readonly (readonly ReportField[])[];
}

/**
 * The report in a message when its machine part has `partType`; undefined when the message is no such report. A
 * missing final boundary, a missing or other `report-type` and a third part make no difference.
 *
 * @throws {MailError} `limit`, `base64` when the machine part does not decode
 */
export function readReport(message: Uint8Array | Entity, partType: string): ReadReport | undefined {
  const entity = message instanceof Uint8Array ? readEntity(message) : message;
  if (entity.contentType.type !== 'multipart/report') return undefined;
  const pieces = piecesOf(entity);
  const machine = pieces?.find((part) => part.contentType.type === partType);
  if (!pieces || !machine) return undefined;
  const defects: Defect[] = [...entity.defects];
  if (!isClosed(entity)) note(defects, 'no-final-boundary');
  if (machine.contentType.type.slice('message/'.length) !== reportType(entity)) note(defects, 'report');
  return {
    from: parseAddressList(entity.header('from') ?? '')[0],
    to: parseAddressList(entity.header('to') ?? ''),
    messageId: messageIdKey(entity.header('message-id')),
    inReplyTo: inReplyTo(entity),
    subject: entity.header('subject'),
    text: humanText(pieces, machine),
    defects,
    blocks: readBlocks(decodedBody(machine), defects),
  };
}

const reportType = (entity: Entity): string =>
  (entity.contentType.parameters['report-type'] ?? '').trim().toLowerCase();

function piecesOf(entity: Entity): Entity[] | undefined {
  try {
    return parts(entity);
  } catch (error) {
    // Without a usable boundary it is a report in name only.
    if (error instanceof MailError && error.code === 'mime') return undefined;
    throw error;
  }
}

function humanText(pieces: readonly Entity[], machine: Entity): string {
  const part =
    pieces.find((piece) => piece !== machine && piece.contentType.type.startsWith('text/')) ?? pieces[0];
  if (!part || part === machine || isMultipart(part)) return '';
  try {
    return decodeText(decodedBody(part), part.contentType.parameters['charset']).text.trim();
  } catch (error) {
    if (error instanceof MailError) return '';
    throw error;
  }
}

const MAX_BLOCKS = 20_000;

function readBlocks(body: Uint8Array, defects: Defect[]): ReportField[][] {
  const blocks: ReportField[][] = [];
  for (let rest = body; rest.length > 0; ) {
    const { fields, bodyStart, defects: found } = readFields(rest, false);
    for (const defect of found) if (defect !== 'no-header-end') note(defects, defect);
    if (fields.length > 0) blocks.push(fields.map(({ name, key, value }) => ({ name, key, value })));
    if (blocks.length > MAX_BLOCKS)
      throw new MailError('limit', `over ${MAX_BLOCKS} report blocks`, MAX_BLOCKS);
    // A line that is no field ends the report: what follows is prose or a cut boundary.
    if (bodyStart === 0 || (fields.length > 0 && endsInLine(rest, bodyStart))) break;
    rest = rest.subarray(bodyStart);
  }
  return blocks;
}

/** Whether the block stopped at something other than an empty line. */
const endsInLine = (bytes: Uint8Array, bodyStart: number): boolean => {
  const last = bytes[bodyStart - 2] === 13 ? bodyStart - 3 : bodyStart - 2;
  return bodyStart < bytes.length && bytes[last] !== 10;
};

export const fieldValue = (fields: readonly ReportField[], name: string): string | undefined =>
  fields.find((candidate) => candidate.key === name.toLowerCase())?.value;

/**
 * The address in a recipient field. Forms met (wire-facts §7): `rfc822; a@b`, `RFC822;a@b`, bare, in angle brackets,
 * with a display name, quoted or not. Text that holds no address is given as it stands.
 */
export function reportAddress(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const text = value.replace(/^\s*[A-Za-z0-9_-]+\s*;/, '').trim();
  if (text === '') return undefined;
  const angle = /<([^<>]*)>[^<>]*$/.exec(text);
  return (parseAddress(text) ?? (angle ? parseAddress(angle[1]!) : undefined))?.address ?? text;
}

export interface ReportHeader {
  readonly from: Address | string;
  readonly to: readonly (Address | string)[];
  readonly subject?: string;
  /** Milliseconds since 1970 UTC. */
  readonly date: number;
  readonly messageId: string;
  readonly inReplyTo?: string;
  /** The part for people. */
  readonly text: string;
  readonly boundary: string;
  readonly extraHeaders?: readonly (readonly [name: string, value: string])[];
}

/**
 * A complete report message.
 *
 * @param blocks fields of the machine part; free text in them is written as ASCII
 * @throws {MailError} `compose`
 */
export function composeReport(
  header: ReportHeader,
  kind: 'disposition-notification' | 'delivery-status',
  blocks: readonly (readonly (readonly [name: string, value: string])[])[],
  third?: Uint8Array,
): Uint8Array {
  const machine = blocks
    .map((block) => block.map(([name, value]) => reportField(name, value)).join(''))
    .join('\r\n');
  const parts = [textPart(header.text), ascii(`Content-Type: message/${kind}\r\n\r\n${machine}`)];
  if (third) parts.push(third);
  return Buffer.concat([
    ascii(messageHeader(header)),
    ascii((header.extraHeaders ?? []).map(([name, value]) => field(name, value)).join('')),
    ascii('MIME-Version: 1.0\r\n'),
    multipart('multipart/report', { 'report-type': kind }, header.boundary, parts),
  ]);
}

/** Free text goes on one line: control characters become blanks, other alphabets encoded words. */
const reportField = (name: string, value: string): string =>
  textField(name, value.replace(/[\x00-\x1f\x7f]+/g, ' ').trim());

/** The header fields of a message as a third part (`text/rfc822-headers`), only those named. */
export function returnedHeaders(message: Entity, names: readonly string[]): Uint8Array {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const kept = Buffer.concat(message.headers.filter(({ key }) => wanted.has(key)).map(({ raw }) => raw));
  const eightBit = isSevenBit(kept) ? '' : 'Content-Transfer-Encoding: 8bit\r\n';
  return Buffer.concat([ascii(`Content-Type: text/rfc822-headers\r\n${eightBit}\r\n`), kept]);
}
