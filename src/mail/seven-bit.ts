/**
 * Taking octets over 127 out of a message before it is signed (RFC 8551 §3.1.3, REQ-AS-17), without changing what it
 * says.
 *
 * @module
 */
import { readAddressList } from './address.ts';
import { encodeBase64 } from './base64.ts';
import { isSevenBit, textShape, toCrlf } from './canonical.ts';
import { encodeWords } from './encoded-words.ts';
import { type Entity, innerMessage, isMultipart, parts, readEntity } from './entity.ts';
import { MailError } from './error.ts';
import type { HeaderField } from './fields.ts';
import { addressField, field } from './folding.ts';
import { ascii, view } from './octets.ts';
import { readParameterized, writeParameter } from './parameters.ts';
import { encodeQuotedPrintable } from './quoted-printable.ts';

/**
 * The message with CRLF line ends and in 7 bits: texts that have more become quoted-printable, other parts base64,
 * header fields encoded words. Octets that need no change stay as they are; so does what somebody signed
 * (`multipart/signed`), and a part that cannot be cut. The same octets when nothing is to be done.
 *
 * @throws {MailError} `limit`
 */
export function toSevenBit(message: Uint8Array): Uint8Array {
  const canonical = toCrlf(message);
  return isSevenBit(canonical) ? canonical : rewrite(readEntity(canonical));
}

function rewrite(entity: Entity): Uint8Array {
  if (isSevenBit(entity.raw) || entity.contentType.type === 'multipart/signed') return entity.raw;
  const inside = rewriteBody(entity);
  const fields = entity.headers
    .filter(({ key }) => inside.encoding === undefined || key !== 'content-transfer-encoding')
    .map(rewriteField);
  if (inside.encoding) fields.push(ascii(`Content-Transfer-Encoding: ${inside.encoding}\r\n`));
  // A header that lacked its empty line gets one: the last field would run into the body.
  return Buffer.concat([...fields, ascii('\r\n'), inside.body]);
}

function rewriteBody(entity: Entity): { body: Uint8Array; encoding?: 'quoted-printable' | 'base64' } {
  if (isSevenBit(entity.body)) return { body: entity.body };
  if (isMultipart(entity)) return { body: rewriteParts(entity) };
  if (entity.encoding === 'base64' || entity.encoding === 'quoted-printable') return { body: entity.body };
  if (entity.contentType.type.startsWith('message/')) {
    // It may not be encoded itself (RFC 2046 §5.2.1), but what is inside may.
    return { body: rewrite(innerMessage(entity)) };
  }
  const text = entity.contentType.type.startsWith('text/') && !textShape(entity.body).nul;
  return text
    ? { body: encodeQuotedPrintable(entity.body), encoding: 'quoted-printable' }
    : { body: encodeBase64(entity.body), encoding: 'base64' };
}

/** Each part in its place; what stands between parts is kept when it is in 7 bits and dropped when not. */
function rewriteParts(entity: Entity): Uint8Array {
  const body = view(entity.body);
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const part of partsOf(entity)) {
    const from = part.raw.byteOffset - body.byteOffset;
    pieces.push(clean(body.subarray(at, from)), rewrite(part));
    at = from + part.raw.length;
  }
  pieces.push(at === 0 ? body : clean(body.subarray(at)));
  return Buffer.concat(pieces);
}

function partsOf(entity: Entity): Entity[] {
  try {
    return parts(entity);
  } catch (error) {
    if (error instanceof MailError && error.code === 'mime') return [];
    throw error;
  }
}

/** A preamble or an epilogue: lines that are not in 7 bits go. */
const clean = (between: Buffer): Uint8Array =>
  isSevenBit(between)
    ? between
    : ascii(
        between
          .toString('latin1')
          .split(/(?<=\n)/)
          .map((line) => (/[\x80-\xff]/.test(line) ? '\r\n' : line))
          .join(''),
      );

const ADDRESSES = new Set(['from', 'sender', 'reply-to', 'to', 'cc', 'bcc']);
const PARAMETERS = new Set(['content-type', 'content-disposition']);

function rewriteField(original: HeaderField): Uint8Array {
  if (isSevenBit(original.raw)) return original.raw;
  const value = original.value.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, ' ');
  if (ADDRESSES.has(original.key)) {
    const { addresses, invalid } = readAddressList(value);
    const writable = addresses.every(({ address }) => /^[\x20-\x7e]*$/.test(address));
    if (writable && invalid.length === 0) return ascii(addressField(original.name, addresses));
  }
  if (PARAMETERS.has(original.key)) {
    const { value: type, parameters } = readParameterized(value);
    const written = Object.entries(parameters).map(([name, text]) => writeParameter(name, text));
    if (/^[\x20-\x7e]+$/.test(type)) return ascii(field(original.name, [type, ...written].join('; ')));
  }
  return ascii(field(original.name, encodeWords(value)));
}
