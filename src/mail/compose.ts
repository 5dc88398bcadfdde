/**
 * New messages: CRLF, ASCII only, lines of at most 78 columns (REQ-AS-17, REQ-AS-38).
 *
 * @module
 */

import { joined, memoryFor } from '../net/memory.ts';
import type { Address } from './address.ts';
import { base64Length, writeBase64 } from './base64.ts';
import { textShape, toCrlf } from './canonical.ts';
import { formatDate } from './date.ts';
import { MailError } from './error.ts';
import { addressField, checkBoundary, field, textField } from './folding.ts';
import { bracketed } from './message-id.ts';
import { ascii } from './octets.ts';
import { quoteParameter, writeParameter } from './parameters.ts';
import { encodeQuotedPrintable } from './quoted-printable.ts';

export interface Attachment {
  readonly name: string;
  /** Media type, for example `application/pdf`. */
  readonly type: string;
  readonly bytes: Uint8Array;
  /** With parameters beyond the name, for example `{ charset: 'us-ascii' }`. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly contentId?: string;
}

export interface MessageParts {
  readonly from: Address | string;
  readonly to: readonly (Address | string)[];
  readonly cc?: readonly (Address | string)[];
  readonly subject?: string;
  /** Milliseconds since 1970 UTC. */
  readonly date: number;
  /** With or without angle brackets. */
  readonly messageId: string;
  readonly inReplyTo?: string;
  readonly text: string;
  readonly attachments?: readonly Attachment[];
  /** Needed with attachments; drawn by the caller, at random. */
  readonly boundary?: string;
  /** Name and ASCII value, in order. */
  readonly extraHeaders?: readonly (readonly [name: string, value: string])[];
}

/**
 * A complete message, ready to be wrapped and signed.
 *
 * @throws {MailError} `compose` for an address that is none, a value with a line break, attachments without a
 *   boundary, a boundary that occurs in the text
 */
export function composeMessage(message: MessageParts): Uint8Array {
  const header = [
    messageHeader(message),
    ...(message.extraHeaders ?? []).map(([name, value]) => field(name, value)),
    field('MIME-Version', '1.0'),
  ].join('');
  const text = textPart(message.text);
  if (!message.attachments?.length) return Buffer.concat([ascii(header), text]);
  if (!message.boundary) throw new MailError('compose', 'attachments need a boundary');
  return joined([
    ascii(header),
    ...multipartPieces('multipart/mixed', {}, message.boundary, [
      text,
      ...message.attachments.map(attachmentPart),
    ]),
  ]);
}

/** From, To, Cc, Date, Message-ID, In-Reply-To and Subject, as far as they are given. */
export function messageHeader(
  message: Omit<MessageParts, 'text' | 'attachments' | 'boundary' | 'extraHeaders'>,
): string {
  return [
    addressField('From', [message.from]),
    message.to.length > 0 ? addressField('To', message.to) : '',
    message.cc?.length ? addressField('Cc', message.cc) : '',
    field('Date', formatDate(message.date)),
    field('Message-ID', bracketed(message.messageId)),
    message.inReplyTo ? field('In-Reply-To', bracketed(message.inReplyTo)) : '',
    message.subject === undefined ? '' : textField('Subject', message.subject),
  ].join('');
}

/** A text/plain entity: 7bit when the text may travel as it is, else quoted-printable. */
export function textPart(text: string): Uint8Array {
  const body = toCrlf(Buffer.from(text.endsWith('\n') || text === '' ? text : `${text}\n`, 'utf8'));
  const shape = textShape(body);
  const plain = !shape.eightBit && !shape.nul && !shape.fragile && shape.longest <= 78;
  return Buffer.concat([
    ascii(`Content-Type: text/plain; charset=${shape.eightBit ? 'utf-8' : 'us-ascii'}\r\n`),
    ascii(`Content-Transfer-Encoding: ${plain ? '7bit' : 'quoted-printable'}\r\n\r\n`),
    plain ? body : encodeQuotedPrintable(body),
  ]);
}

function attachmentPart(attachment: Attachment): Uint8Array {
  if (!/^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/i.test(attachment.type)) {
    throw new MailError('compose', `${JSON.stringify(attachment.type)} is no media type`);
  }
  const parameters = Object.entries(attachment.parameters ?? {}).map(([name, value]) =>
    writeParameter(name, value),
  );
  const head = [
    field('Content-Type', [attachment.type, ...parameters].join('; ')),
    'Content-Transfer-Encoding: base64\r\n',
    field('Content-Disposition', `attachment; ${writeParameter('filename', attachment.name)}`),
    attachment.contentId ? field('Content-ID', bracketed(attachment.contentId)) : '',
    '\r\n',
  ].join('');
  const out = memoryFor(head.length + base64Length(attachment.bytes.length));
  writeBase64(attachment.bytes, out, out.write(head, 0, 'latin1'));
  return out;
}

/**
 * A multipart entity with its own Content-Type. Parts are taken as they are, each a complete entity.
 *
 * @throws {MailError} `compose` when the boundary is malformed or occurs in a part
 */
export const multipart = (
  type: string,
  parameters: Readonly<Record<string, string>>,
  boundary: string,
  parts: readonly Uint8Array[],
): Uint8Array => Buffer.concat(multipartPieces(type, parameters, boundary, parts));

/** As `multipart`, not yet joined. @throws {MailError} as `multipart` */
function multipartPieces(
  type: string,
  parameters: Readonly<Record<string, string>>,
  boundary: string,
  parts: readonly Uint8Array[],
): Uint8Array[] {
  const delimiter = ascii(`--${checkBoundary(boundary)}`);
  if (parts.some((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength).includes(delimiter))) {
    throw new MailError('compose', `the boundary ${boundary} occurs in a part`);
  }
  const pieces = Object.entries({ ...parameters, boundary }).map(
    ([name, value]) => `${name}=${name === 'boundary' ? `"${value}"` : quoteParameter(value)}`,
  );
  const line = ascii('\r\n');
  return [
    ascii(field('Content-Type', [type, ...pieces].join('; '))),
    line,
    ...parts.flatMap((part) => [delimiter, line, part, line]),
    delimiter,
    ascii('--\r\n'),
  ];
}
