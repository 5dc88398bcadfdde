/**
 * RSA key transport: PKCS #1 v1.5 and OAEP (RFC 3370 §4.2.1, RFC 3560, wire-facts §6.3).
 *
 * @module
 */
import { constants, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto';
import { children, expect, isContext, type Node, TAG } from '../asn1/read.ts';
import { readOctetString, readOid } from '../asn1/values.ts';
import { explicit, nullValue, octetString, oid, sequence } from '../asn1/write.ts';
import { cause } from '../outcome/cause.ts';
import { DIGEST_OID, type Digest, digestOf } from '../pki/algorithms.ts';
import { CmsError } from './error.ts';
import { decodeOaep, encodeOaep } from './oaep.ts';
import { OID } from './oids.ts';

/** What we write; of OAEP, all but SHA-1 and SHA-256 for peers alone. */
export type KeyTransport =
  | 'pkcs1'
  | 'oaep-sha1'
  | 'oaep-sha256'
  | 'oaep-sha512'
  | 'oaep-sha256-mgf1-sha1'
  | 'oaep-label';

export interface TransportAlgorithm {
  readonly oid: string;
  /** `pkcs1`, `oaep-sha1`, `oaep-sha256`, …; `oaep-sha256-mgf1-sha1` when the digests differ; else the identifier. */
  readonly name: string;
  readonly scheme: 'pkcs1' | 'oaep' | 'unknown';
  /** OAEP only. */
  readonly digest?: Digest;
  /** OAEP only. */
  readonly maskDigest?: Digest;
  /** OAEP only; usually empty. */
  readonly label?: Uint8Array;
}

/** @throws {Asn1Error} */
export function readTransport(node: Node | undefined): TransportAlgorithm {
  const [type, parameters] = children(expect(node, TAG.sequence, 'key transport'));
  const id = readOid(type, 'key transport');
  if (id === OID.rsaEncryption) return { oid: id, name: 'pkcs1', scheme: 'pkcs1' };
  return id === OID.rsaesOaep ? readOaep(id, parameters) : { oid: id, name: id, scheme: 'unknown' };
}

/** RSAES-OAEP-params (RFC 4055 §4.1): every field has a default, SHA-1, MGF1 with SHA-1, empty label. */
function readOaep(id: string, parameters: Node | undefined): TransportAlgorithm {
  let digest: Digest | undefined = 'sha1';
  let maskDigest: Digest | undefined = 'sha1';
  let label: Uint8Array = new Uint8Array();
  for (const field of parameters?.constructed ? children(parameters) : []) {
    const [type, inner] = children(expect(children(field)[0], TAG.sequence, 'OAEP parameter'));
    const algorithm = readOid(type, 'OAEP parameter');
    if (isContext(field, 0)) digest = digestOf(algorithm);
    else if (isContext(field, 1)) maskDigest = algorithm === OID.mgf1 ? maskOf(inner) : undefined;
    else if (isContext(field, 2)) label = readOctetString(inner, 'OAEP label');
  }
  if (!digest || !maskDigest) return { oid: id, name: 'oaep with an unknown digest', scheme: 'unknown' };
  const name = `oaep-${digest}${digest === maskDigest ? '' : `-mgf1-${maskDigest}`}`;
  return { oid: id, name, scheme: 'oaep', digest, maskDigest, label };
}

const maskOf = (node: Node | undefined): Digest | undefined =>
  digestOf(readOid(children(expect(node, TAG.sequence, 'MGF1 digest'))[0], 'MGF1 digest'));

const SHA1 = sequence(oid(DIGEST_OID.sha1), nullValue());
const SHA256 = sequence(oid(DIGEST_OID.sha256), nullValue());
const SHA512 = sequence(oid(DIGEST_OID.sha512), nullValue());
/** Of `oaep-label`. */
const LABEL = Buffer.from('Direct');

const oaep = (digest: Uint8Array, maskDigest: Uint8Array, ...more: Uint8Array[]): Uint8Array =>
  sequence(
    oid(OID.rsaesOaep),
    sequence(explicit(0, digest), explicit(1, sequence(oid(OID.mgf1), maskDigest)), ...more),
  );

const WRITTEN: Readonly<Record<KeyTransport, Uint8Array>> = {
  pkcs1: sequence(oid(OID.rsaEncryption), nullValue()),
  // All defaults: an empty SEQUENCE (wire-facts §6.3).
  'oaep-sha1': sequence(oid(OID.rsaesOaep), sequence()),
  'oaep-sha256': oaep(SHA256, SHA256),
  'oaep-sha512': oaep(SHA512, SHA512),
  'oaep-sha256-mgf1-sha1': oaep(SHA256, SHA1),
  'oaep-label': oaep(SHA256, SHA256, explicit(2, sequence(oid(OID.pSpecified), octetString(LABEL)))),
};

export const transportDer = (transport: KeyTransport): Uint8Array => WRITTEN[transport];

/** Encrypts a content key to a public key. @throws {CmsError} `input` when the key is not RSA, or too short */
export function wrapKey(contentKey: Uint8Array, publicKey: KeyObject, transport: KeyTransport): Uint8Array {
  if (modulusLength(publicKey) === 0) {
    throw new CmsError('input', `a ${publicKey.asymmetricKeyType} key cannot be encrypted to`);
  }
  try {
    // A bare key means OAEP with SHA-1, and takes half the time of one with options.
    if (transport === 'oaep-sha1') return publicEncrypt(publicKey, contentKey);
    return publicEncrypt(
      { key: publicKey, ...paddingOf(transport) },
      padded(contentKey, publicKey, transport),
    );
  } catch (error) {
    throw new CmsError('input', `the key cannot carry ${contentKey.length} octets`, undefined, {
      cause: error,
    });
  }
}

function paddingOf(transport: KeyTransport): { padding: number; oaepHash?: string; oaepLabel?: Buffer } {
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  switch (transport) {
    case 'pkcs1':
      return { padding: constants.RSA_PKCS1_PADDING };
    case 'oaep-sha256-mgf1-sha1':
      return { padding: constants.RSA_NO_PADDING };
    case 'oaep-label':
      return { padding, oaepHash: 'sha256', oaepLabel: LABEL };
    case 'oaep-sha512':
      return { padding, oaepHash: 'sha512' };
    case 'oaep-sha256':
      return { padding, oaepHash: 'sha256' };
    case 'oaep-sha1':
      return { padding, oaepHash: 'sha1' };
  }
}

/** node:crypto takes one digest for label and mask, so two are done here. */
const padded = (contentKey: Uint8Array, publicKey: KeyObject, transport: KeyTransport): Uint8Array =>
  transport === 'oaep-sha256-mgf1-sha1'
    ? encodeOaep(contentKey, modulusLength(publicKey), 'sha256', 'sha1')
    : contentKey;

/**
 * The content key, or undefined when the octets do not decrypt to one. With PKCS #1 v1.5 OpenSSL rejects implicitly:
 * a forged block yields other octets, and nothing here or above may tell which it was.
 *
 * @throws {CmsError} `unsupported-transport`
 */
export function unwrapKey(
  encryptedKey: Uint8Array,
  privateKey: KeyObject,
  transport: TransportAlgorithm,
): Uint8Array | undefined {
  const { scheme, digest, maskDigest, label } = transport;
  if (scheme === 'unknown') throw unsupportedTransport(transport.name);
  const block = fullLength(encryptedKey, modulusLength(privateKey));
  if (!block) return undefined;
  try {
    if (scheme === 'pkcs1')
      return privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, block);
    if (digest !== maskDigest) {
      const padded = privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, block);
      return decodeOaep(padded, digest!, maskDigest!, label!);
    }
    if (digest === 'sha1' && label!.length === 0) return privateDecrypt(privateKey, block);
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const more = label!.length > 0 ? { oaepLabel: label! } : {};
    return privateDecrypt({ key: privateKey, padding, oaepHash: digest!, ...more }, block);
  } catch {
    // OpenSSL's words would tell one failure from another.
    return undefined;
  }
}

const lengths = new WeakMap<KeyObject, number>();

/** Octets of an RSA key's modulus, 0 for other keys. Asking the key costs more than all else here but RSA itself. */
function modulusLength(key: KeyObject): number {
  const known = lengths.get(key);
  if (known !== undefined) return known;
  const length =
    key.asymmetricKeyType === 'rsa' ? Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8) : 0;
  lengths.set(key, length);
  return length;
}

/** Some writers leave leading zeros out. */
function fullLength(encryptedKey: Uint8Array, length: number): Uint8Array | undefined {
  if (encryptedKey.length === length) return encryptedKey;
  if (encryptedKey.length > length || encryptedKey.length === 0) return undefined;
  return Buffer.concat([Buffer.alloc(length - encryptedKey.length), encryptedKey]);
}

export const unsupportedTransport = (name: string): CmsError =>
  new CmsError(
    'unsupported-transport',
    `key transport ${name} cannot be read`,
    cause('crypto.key-transport-not-allowed', { algorithm: name }),
  );
