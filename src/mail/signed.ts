/**
 * The S/MIME shells of a message (RFC 8551 §3): what kind it is, and the two halves of `multipart/signed`.
 *
 * @module
 */
import { decodeBase64 } from './base64.ts';
import { decodedBody, type Entity, parts } from './entity.ts';
import { MailError } from './error.ts';

export type SmimeKind = 'enveloped' | 'opaque-signed' | 'multipart-signed' | 'certs-only' | 'pkcs7';

const PKCS7_MIME = /^application\/(x-)?pkcs7-mime$/;
const PKCS7_SIGNATURE = /^application\/(x-)?pkcs7-signature$/;

/**
 * What the content type says. `pkcs7`: a pkcs7-mime without (or with an unknown) `smime-type`; the object itself
 * tells. Undefined: no S/MIME. The optional parameters are never needed (REQ-AS-11).
 */
export function smimeKind(entity: Entity): SmimeKind | undefined {
  const { type, parameters } = entity.contentType;
  if (type === 'multipart/signed') return 'multipart-signed';
  if (!PKCS7_MIME.test(type)) return undefined;
  switch (parameters['smime-type']?.trim().toLowerCase()) {
    case 'enveloped-data':
    case 'authenveloped-data':
    case 'authenvelopeddata':
      return 'enveloped';
    case 'signed-data':
      return 'opaque-signed';
    case 'certs-only':
      return 'certs-only';
    default:
      return 'pkcs7';
  }
}

export interface SignedParts {
  /** The exact octets that were signed: the first part, without the line end before the boundary. */
  readonly signedBytes: Uint8Array;
  readonly content: Entity;
  /** The CMS object, decoded. */
  readonly signature: Uint8Array;
  /** Lower case, in order; a hint that may be absent or lie. */
  readonly micalg: readonly string[];
}

/**
 * Splits `multipart/signed` (RFC 1847 §2.1). Exactly two parts, the second the signature.
 *
 * @throws {MailError} `mime` for any other composition, `base64` when the signature does not decode
 */
export function splitSigned(entity: Entity): SignedParts {
  if (entity.contentType.type !== 'multipart/signed') {
    throw new MailError('mime', `expected multipart/signed, found ${entity.contentType.type}`);
  }
  const [content, signature, ...more] = parts(entity);
  if (!content || !signature || more.length > 0) {
    throw new MailError(
      'mime',
      `multipart/signed with ${1 + more.length + (signature ? 1 : 0)} parts, not two`,
    );
  }
  if (!PKCS7_SIGNATURE.test(signature.contentType.type)) {
    throw new MailError('mime', `the second part is ${signature.contentType.type}, not a signature`);
  }
  if (PKCS7_SIGNATURE.test(content.contentType.type)) {
    throw new MailError('mime', 'the first part is a signature');
  }
  return {
    signedBytes: content.raw,
    content,
    signature: cmsOf(signature),
    micalg: (entity.contentType.parameters['micalg'] ?? '')
      .toLowerCase()
      .split(',')
      .map((token) => token.trim())
      .filter((token) => token !== ''),
  };
}

/**
 * The CMS object that a pkcs7 part carries. Base64 without its label is recognised: an object begins with octet 30.
 *
 * @throws {MailError} `base64`
 */
export function cmsOf(entity: Entity): Uint8Array {
  const bytes = decodedBody(entity);
  return bytes[0] === 0x30 || entity.encoding === 'base64' || entity.encoding === 'quoted-printable'
    ? bytes
    : decodeBase64(bytes).bytes;
}
