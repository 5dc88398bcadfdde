/**
 * Content ciphers (RFC 3565, RFC 5084).
 *
 * @module
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { children, expect, is, type Node, TAG } from '../asn1/read.ts';
import { readOctetString, readOid, readSmallInteger } from '../asn1/values.ts';
import { integer, octetString, oid, sequence } from '../asn1/write.ts';
import { memoryFor } from '../net/memory.ts';
import { cause } from '../outcome/cause.ts';
import type { Written } from './ber.ts';
import { CmsError, decryptFailed } from './error.ts';

export type CipherName =
  | 'aes128-cbc'
  | 'aes192-cbc'
  | 'aes256-cbc'
  | 'aes128-gcm'
  | 'aes192-gcm'
  | 'aes256-gcm'
  | 'des-ede3-cbc';

interface Cipher {
  readonly name: CipherName;
  readonly oid: string;
  /** The name that node:crypto knows. */
  readonly node: string;
  readonly keyLength: number;
  readonly blockLength: number;
  readonly mode: 'cbc' | 'gcm';
}

const AES = '2.16.840.1.101.3.4.1';

const CIPHERS: readonly Cipher[] = [
  { name: 'aes128-cbc', oid: `${AES}.2`, node: 'aes-128-cbc', keyLength: 16, blockLength: 16, mode: 'cbc' },
  { name: 'aes192-cbc', oid: `${AES}.22`, node: 'aes-192-cbc', keyLength: 24, blockLength: 16, mode: 'cbc' },
  { name: 'aes256-cbc', oid: `${AES}.42`, node: 'aes-256-cbc', keyLength: 32, blockLength: 16, mode: 'cbc' },
  { name: 'aes128-gcm', oid: `${AES}.6`, node: 'aes-128-gcm', keyLength: 16, blockLength: 16, mode: 'gcm' },
  { name: 'aes192-gcm', oid: `${AES}.26`, node: 'aes-192-gcm', keyLength: 24, blockLength: 16, mode: 'gcm' },
  { name: 'aes256-gcm', oid: `${AES}.46`, node: 'aes-256-gcm', keyLength: 32, blockLength: 16, mode: 'gcm' },
  {
    name: 'des-ede3-cbc',
    oid: '1.2.840.113549.3.7',
    node: 'des-ede3-cbc',
    keyLength: 24,
    blockLength: 8,
    mode: 'cbc',
  },
];

/** Named so that a refusal says what it was; never read. */
const KNOWN_UNREADABLE: Readonly<Record<string, string>> = {
  '1.2.840.113549.3.2': 'rc2-cbc',
  '1.3.14.3.2.7': 'des-cbc',
  '1.2.840.113549.1.9.16.3.18': 'chacha20-poly1305',
};

export interface ContentCipher {
  readonly oid: string;
  /** A `CipherName`, or what else the identifier is called. */
  readonly name: string;
  /** Undefined when we cannot read it. */
  readonly cipher: Cipher | undefined;
  /** Initialization vector or nonce. */
  readonly iv: Uint8Array;
  /** GCM only: octets of the authentication tag. */
  readonly tagLength: number;
}

export const cipherNamed = (name: CipherName): Cipher => CIPHERS.find((cipher) => cipher.name === name)!;

/** @throws {Asn1Error} @throws {CmsError} */
export function readContentCipher(node: Node | undefined): ContentCipher {
  const [type, parameters] = children(expect(node, TAG.sequence, 'content cipher'));
  const id = readOid(type, 'content cipher');
  const cipher = CIPHERS.find((candidate) => candidate.oid === id);
  const unknown = {
    oid: id,
    name: KNOWN_UNREADABLE[id] ?? id,
    cipher: undefined,
    iv: new Uint8Array(),
    tagLength: 0,
  };
  if (!cipher) return unknown;
  if (cipher.mode === 'cbc') {
    const iv = readOctetString(parameters, 'initialization vector');
    if (iv.length !== cipher.blockLength)
      throw new CmsError('structure', `initialization vector of ${iv.length} octets`);
    return { oid: id, name: cipher.name, cipher, iv, tagLength: 0 };
  }
  const [nonce, tag] = children(expect(parameters, TAG.sequence, 'GCM parameters'));
  const iv = readOctetString(nonce, 'nonce');
  const tagLength = is(tag, TAG.integer) ? readSmallInteger(tag, 'tag length') : 12;
  if (tagLength < 12 || tagLength > 16)
    throw new CmsError('structure', `authentication tag of ${tagLength} octets`);
  if (iv.length === 0 || iv.length > 64) throw new CmsError('structure', `nonce of ${iv.length} octets`);
  return { oid: id, name: cipher.name, cipher, iv, tagLength };
}

/** Octets of the initialization vector or nonce that we write. */
export const ivLength = (cipher: Cipher): number => (cipher.mode === 'gcm' ? 12 : cipher.blockLength);

/** The AlgorithmIdentifier. */
export function contentCipherDer(cipher: Cipher, iv: Uint8Array): Uint8Array {
  if (cipher.mode === 'cbc') return sequence(oid(cipher.oid), octetString(iv));
  return sequence(oid(cipher.oid), sequence(octetString(iv), integer(16)));
}

const TAG_LENGTH = 16;
/** Octets that are enciphered in one go. */
const STRIDE = 1 << 18;

/** Ciphertext, made where it is written to, and with GCM the tag, which is there once the ciphertext is. */
export function encipher(
  cipher: Cipher,
  key: Uint8Array,
  iv: Uint8Array,
  content: Uint8Array,
): { readonly ciphertext: Written; readonly tag: Written | undefined } {
  if (cipher.mode === 'gcm') {
    const gcm = createCipheriv(cipher.node as 'aes-256-gcm', key, iv, { authTagLength: TAG_LENGTH });
    const tag: Written = { length: TAG_LENGTH, writeTo: (target, at) => target.set(gcm.getAuthTag(), at) };
    return { ciphertext: throughCipher(gcm, content, content.length), tag };
  }
  const cbc = createCipheriv(cipher.node, key, iv);
  const blocks = Math.floor(content.length / cipher.blockLength) + 1;
  return { ciphertext: throughCipher(cbc, content, blocks * cipher.blockLength), tag: undefined };
}

/** To be written once. */
const throughCipher = (engine: Engine, content: Uint8Array, length: number): Written => ({
  length,
  writeTo(target, at) {
    let to = at;
    for (let from = 0; from < content.length; from += STRIDE) {
      const piece = engine.update(content.subarray(from, from + STRIDE));
      target.set(piece, to);
      to += piece.length;
    }
    target.set(engine.final(), to);
  },
});

type Engine = Pick<ReturnType<typeof createCipheriv>, 'final'> & { update(bytes: Uint8Array): Uint8Array };

/** @throws {CmsError} `decrypt-failed` whatever is wrong; `unsupported-cipher` */
export function decipher(
  { cipher, name, iv, tagLength }: ContentCipher,
  key: Uint8Array,
  ciphertext: Uint8Array,
  tag: Uint8Array | undefined,
  authenticated: Uint8Array | undefined,
): Uint8Array {
  if (!cipher) throw unsupportedCipher(name);
  try {
    if (cipher.mode === 'gcm') {
      if (tag?.length !== tagLength) throw decryptFailed();
      const gcm = createDecipheriv(cipher.node as 'aes-256-gcm', key, iv, { authTagLength: tagLength });
      gcm.setAuthTag(tag);
      if (authenticated) gcm.setAAD(authenticated);
      const content = throughDecipher(gcm, ciphertext);
      gcm.final();
      return content;
    }
    const cbc = createDecipheriv(cipher.node, key, iv);
    // The padding is looked at here: OpenSSL would hold the last block back, and joining it again copies everything.
    cbc.setAutoPadding(false);
    const padded = throughDecipher(cbc, ciphertext);
    cbc.final();
    return withoutPadding(padded, cipher.blockLength);
  } catch (error) {
    // OpenSSL's own words would tell one failure from another.
    throw error instanceof CmsError ? error : decryptFailed();
  }
}

/** As many octets in clear as there were. */
function throughDecipher(engine: Pick<Engine, 'update'>, ciphertext: Uint8Array): Uint8Array {
  const clear = memoryFor(ciphertext.length);
  let to = 0;
  for (let from = 0; from < ciphertext.length; from += STRIDE) {
    const piece = engine.update(ciphertext.subarray(from, from + STRIDE));
    clear.set(piece, to);
    to += piece.length;
  }
  return clear.subarray(0, to);
}

/** Takes PKCS #7 padding off. Looks at the whole last block, whatever it finds first. */
function withoutPadding(padded: Uint8Array, blockLength: number): Uint8Array {
  if (padded.length === 0 || padded.length % blockLength !== 0) throw decryptFailed();
  const count = padded[padded.length - 1]!;
  let wrong = count === 0 || count > blockLength ? 1 : 0;
  for (let back = 1; back <= blockLength; back++) {
    const within = back <= count ? 1 : 0;
    wrong |= within * (padded[padded.length - back]! ^ count);
  }
  if (wrong !== 0) throw decryptFailed();
  return padded.subarray(0, padded.length - count);
}

export const unsupportedCipher = (name: string): CmsError =>
  new CmsError(
    'unsupported-cipher',
    `content cipher ${name} cannot be read`,
    cause('crypto.cipher-not-allowed', { algorithm: name }),
  );
