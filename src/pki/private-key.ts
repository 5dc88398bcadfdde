/**
 * Private keys wherever they are: in this process, or elsewhere and only named here. What signs with several keys, or
 * with one that may be elsewhere, is written once, as a generator that yields what is to be signed; `signedHere` runs it
 * at once, `signedAnywhere` waits for keys that are elsewhere. In-process signing stays synchronous: it costs no virtual
 * time.
 *
 * @module
 */
import { KeyObject } from 'node:crypto';
import { type SignatureAlgorithm, signData } from './algorithms.ts';
import type { Certificate } from './certificate.ts';
import { PkiError } from './error.ts';

/** A key that an external signer or a module of hardware holds. Its private part never comes here. */
export interface HeldKey {
  readonly held: true;
  readonly publicKey: KeyObject;
  /** The signature octets over `data`. @throws whatever the holder's seam says: `CustodyError` */
  readonly sign: (algorithm: SignatureAlgorithm, data: Uint8Array) => Promise<Uint8Array>;
  /** The content key; undefined when the octets do not decrypt to one. @throws as `sign` */
  readonly decrypt: (transport: TransportScheme, encryptedKey: Uint8Array) => Promise<Uint8Array | undefined>;
}

/** How a content key was encrypted, as far as its holder has to know. */
export interface TransportScheme {
  readonly scheme: 'pkcs1' | 'oaep' | 'unknown';
  /** OAEP only. */
  readonly digest?: SignatureAlgorithm['digest'];
  readonly maskDigest?: SignatureAlgorithm['digest'];
  readonly label?: Uint8Array;
}

export type PrivateKey = KeyObject | HeldKey;

export const isHeld = (key: PrivateKey): key is HeldKey => !(key instanceof KeyObject);

/** The half of a pair that tells kind and size: of a held key the public one. */
export const kindOf = (key: PrivateKey): KeyObject => (isHeld(key) ? key.publicKey : key);

/** Whoever signs certificates, lists or answers: a certificate, and its key wherever that is. */
export interface Signatory {
  readonly certificate: Certificate;
  readonly key: { readonly privateKey: PrivateKey };
}

export interface ToSign {
  readonly key: PrivateKey;
  readonly algorithm: SignatureAlgorithm;
  readonly data: Uint8Array;
}

/** Work that yields what is to be signed and is given the signature octets back. */
export type Signing<T> = Generator<ToSign, T, Uint8Array>;

/** @throws {PkiError} `key` when a key is held elsewhere: that takes time, and `signedAnywhere` */
export function signedHere<T>(work: Signing<T>): T {
  let step = work.next();
  while (!step.done) {
    const { key, algorithm, data } = step.value;
    if (isHeld(key)) throw new PkiError('key', 'the key is held elsewhere and cannot sign at once');
    step = work.next(signData(algorithm, data, key));
  }
  return step.value;
}

/** @throws whatever the seam of a held key says */
export async function signedAnywhere<T>(work: Signing<T>): Promise<T> {
  let step = work.next();
  while (!step.done) {
    const { key, algorithm, data } = step.value;
    step = work.next(isHeld(key) ? await key.sign(algorithm, data) : signData(algorithm, data, key));
  }
  return step.value;
}
