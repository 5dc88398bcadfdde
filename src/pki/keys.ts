/**
 * Key pairs, and the pool that fixtures draw from: making an RSA-2048 key takes 50 ms, so a run makes few of them.
 *
 * @module
 */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { children, expect, readAsn1, TAG } from '../asn1/read.ts';
import { readBitString } from '../asn1/values.ts';
import { PkiError, reading } from './error.ts';

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
}

export type KeyRequest =
  | { readonly kind: 'rsa'; readonly bits: number }
  | { readonly kind: 'ec'; readonly curve: 'P-256' | 'P-384' | 'P-521' }
  | { readonly kind: 'ed25519' };

/** Makes a key pair, synchronously: it takes no virtual time. */
export function generateKey(request: KeyRequest): KeyPair {
  const { privateKey, publicKey } =
    request.kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: request.bits })
      : request.kind === 'ec'
        ? generateKeyPairSync('ec', { namedCurve: request.curve })
        : generateKeyPairSync('ed25519');
  return keyPair(privateKey, publicKey);
}

/** The pair of a private key that was kept. */
export function keyPair(privateKey: KeyObject, publicKey: KeyObject = createPublicKey(privateKey)): KeyPair {
  return { privateKey, publicKey, spki: publicKey.export({ type: 'spki', format: 'der' }) };
}

const KINDS = {
  rsa1024: { request: { kind: 'rsa', bits: 1024 }, size: 2 },
  rsa2047: { request: { kind: 'rsa', bits: 2047 }, size: 1 },
  rsa2048: { request: { kind: 'rsa', bits: 2048 }, size: 6 },
  rsa3072: { request: { kind: 'rsa', bits: 3072 }, size: 1 },
  rsa4096: { request: { kind: 'rsa', bits: 4096 }, size: 1 },
  p256: { request: { kind: 'ec', curve: 'P-256' }, size: 8 },
  p384: { request: { kind: 'ec', curve: 'P-384' }, size: 4 },
  ed25519: { request: { kind: 'ed25519' }, size: 4 },
} as const satisfies Record<string, { request: KeyRequest; size: number }>;

export type KeyKind = keyof typeof KINDS;

export interface KeyPool {
  /** The key of this number, modulo the size of the pool; made when first asked for. */
  take(kind: KeyKind, index?: number): KeyPair;
  /** A key that nobody else has, for checks that rely on the key's identity. */
  fresh(kind: KeyKind): KeyPair;
}

/** @param sizes how many different keys of a kind there are before numbers repeat */
export function createKeyPool(sizes: Partial<Record<KeyKind, number>> = {}): KeyPool {
  const made = new Map<string, KeyPair>();
  return {
    take(kind, index = 0) {
      const id = `${kind}/${Math.abs(index) % (sizes[kind] ?? KINDS[kind].size)}`;
      const known = made.get(id);
      if (known) return known;
      const pair = generateKey(KINDS[kind].request);
      made.set(id, pair);
      return pair;
    },
    fresh: (kind) => generateKey(KINDS[kind].request),
  };
}

/** The pool of this process. */
export const keyPool: KeyPool = createKeyPool();

/** SHA-1 of the subject public key, without tag, length and unused bits (RFC 5280 §4.2.1.2 method 1). */
export function keyIdentifier(spki: Uint8Array): Uint8Array {
  const bits = reading('public key', 'key', () => {
    const [, key] = children(expect(readAsn1(spki), TAG.sequence, 'SubjectPublicKeyInfo'));
    return readBitString(key, 'public key').bytes;
  });
  return createHash('sha1').update(bits).digest();
}

const LOADED_LIMIT = 2000;
const loaded = new Map<string, KeyObject>();

/** The key of a SubjectPublicKeyInfo; loading one takes 0.1 ms, so the last 2,000 are kept. @throws {PkiError} */
export function loadPublicKey(spki: Uint8Array): KeyObject {
  const id = createHash('sha256').update(spki).digest('hex');
  const known = loaded.get(id);
  if (known) return known;
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch (error) {
    throw new PkiError('key', `the public key cannot be loaded: ${(error as Error).message}`, {
      cause: error,
    });
  }
  if (loaded.size >= LOADED_LIMIT) loaded.delete(loaded.keys().next().value!);
  loaded.set(id, key);
  return key;
}
