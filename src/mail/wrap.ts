/**
 * The layers of a Direct message (wire-facts §6.1): the original message, wrapped, signed, enveloped.
 *
 * @module
 */
import type { Address } from './address.ts';
import { base64Length, writeBase64 } from './base64.ts';
import { isSevenBit, toCrlf } from './canonical.ts';
import { messageHeader } from './compose.ts';
import { decodedBody, type Entity } from './entity.ts';
import { MailError } from './error.ts';
import { checkBoundary, field } from './folding.ts';
import { ascii, view } from './octets.ts';
import { quoteParameter } from './parameters.ts';
import { roomFor, withAround } from './room.ts';

/**
 * The complete original message as a `message/rfc822` entity (REQ-AS-12), with CRLF line ends. Octets over 127 are
 * kept and said so; `normalize.ts` takes them out beforehand (REQ-AS-17).
 */
export function wrapMessage(inner: Uint8Array): Uint8Array {
  const message = toCrlf(inner);
  const encoding = isSevenBit(message) ? '' : 'Content-Transfer-Encoding: 8bit\r\n';
  return withAround(ascii(`Content-Type: message/rfc822\r\n${encoding}\r\n`), message, NOTHING);
}

/**
 * The message inside a `message/rfc822` entity, in any transfer encoding; undefined when the entity is none, so not
 * wrapped.
 *
 * @throws {MailError} `base64`
 */
export function unwrap(entity: Entity): Uint8Array | undefined {
  const { type } = entity.contentType;
  return type === 'message/rfc822' || type === 'message/global' ? decodedBody(entity) : undefined;
}

/**
 * `multipart/signed` around an entity and its detached signature (RFC 8551 §3.5.3).
 *
 * @param entity the exact octets that were signed
 * @param micalg token or tokens, for example `sha-256`
 * @throws {MailError} `compose` when the boundary is malformed or occurs in the entity
 */
export function multipartSigned(
  entity: Uint8Array,
  signature: Uint8Array,
  micalg: string,
  boundary: string,
): Uint8Array {
  const delimiter = `--${checkBoundary(boundary)}`;
  if (view(entity).includes(delimiter))
    throw new MailError('compose', `the boundary ${boundary} occurs in the message`);
  const type = `multipart/signed; protocol="application/pkcs7-signature"; micalg=${quoteParameter(micalg)}`;
  const head = `${field('Content-Type', `${type}; boundary="${boundary}"`)}\r\n${delimiter}\r\n`;
  const between = `\r\n${delimiter}\r\n${SIGNATURE_HEADER}`;
  const last = `${delimiter}--\r\n`;
  const tail = Buffer.allocUnsafe(between.length + base64Length(signature.length) + last.length);
  const end = writeBase64(signature, tail, tail.write(between, 0, 'latin1'));
  tail.write(last, end, 'latin1');
  return withAround(ascii(head), entity, tail);
}

const NOTHING = new Uint8Array(0);

const SIGNATURE_HEADER = [
  'Content-Type: application/pkcs7-signature; name="smime.p7s"',
  'Content-Transfer-Encoding: base64',
  'Content-Disposition: attachment; filename="smime.p7s"',
  '\r\n',
].join('\r\n');

/** An opaque signature (`smime-type=signed-data`) as an entity. We read this form and send it only as a peer. */
export const opaqueSigned = (signed: Uint8Array): Uint8Array => pkcs7Mime('', 'signed-data', signed);

/** Octets that are made where they are written to. */
export interface MadeInPlace {
  readonly length: number;
  writeTo(target: Uint8Array, at: number): void;
}

/** An EnvelopedData object as an entity, for whoever puts the outer fields in front himself. */
export const envelopedEntity = (enveloped: Uint8Array | MadeInPlace): Uint8Array =>
  pkcs7Mime('', 'enveloped-data', enveloped);

export interface OuterHeaders {
  readonly from: Address | string;
  readonly to: readonly (Address | string)[];
  readonly cc?: readonly (Address | string)[];
  /** Milliseconds since 1970 UTC. */
  readonly date: number;
  readonly messageId: string;
  readonly inReplyTo?: string;
  /** Only peers that leak it set one: the subject belongs inside (REQ-AS-13). */
  readonly subject?: string;
  readonly extraHeaders?: readonly (readonly [name: string, value: string])[];
}

/**
 * The message that travels: minimal outer headers around an EnvelopedData object.
 *
 * @throws {MailError} `compose`
 */
export function envelopedMessage(
  headers: OuterHeaders,
  enveloped: Uint8Array,
  smimeType: 'enveloped-data' | 'authEnveloped-data' = 'enveloped-data',
): Uint8Array {
  const extra = (headers.extraHeaders ?? []).map(([name, value]) => field(name, value)).join('');
  return pkcs7Mime(`${messageHeader(headers)}${extra}MIME-Version: 1.0\r\n`, smimeType, enveloped);
}

function pkcs7Mime(before: string, smimeType: string, object: Uint8Array | MadeInPlace): Uint8Array {
  const head = `${before}Content-Type: application/pkcs7-mime; smime-type=${smimeType};\r\n name="smime.p7m"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="smime.p7m"\r\n\r\n`;
  const out = roomFor(head.length + base64Length(object.length));
  const start = out.write(head, 0, 'latin1');
  writeBase64(object instanceof Uint8Array ? object : atTheEnd(object, out), out, start);
  return out;
}

/** Made at the end of its room, from where it is encoded towards the front. */
function atTheEnd(object: MadeInPlace, room: Buffer): Uint8Array {
  const at = room.length - object.length;
  object.writeTo(room, at);
  return room.subarray(at);
}
