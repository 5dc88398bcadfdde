/**
 * Which certificate an OCSP question or answer is about (RFC 6960 §4.1.1), and the names of OCSP.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { children, content, expect, type Node, raw, readAsn1, TAG } from '../asn1/read.ts';
import { readBitString, readOctetString, readOid } from '../asn1/values.ts';
import { type Der, nullValue, octetString, oid, sequence } from '../asn1/write.ts';
import { DIGEST_OID, type Digest, digestOf } from './algorithms.ts';
import { reading } from './error.ts';
import type { Extension } from './extensions.ts';
import { extension } from './issue-extensions.ts';
import { serialText } from './name.ts';

export const OCSP = {
  basic: '1.3.6.1.5.5.7.48.1.1',
  nonce: '1.3.6.1.5.5.7.48.1.2',
} as const;

export interface CertId {
  /** Undefined: a digest that we do not have, which matches nothing. */
  readonly digest?: Digest;
  readonly nameHash: Uint8Array;
  readonly keyHash: Uint8Array;
  /** As `Certificate.serial`. */
  readonly serial: string;
  readonly der: Uint8Array;
}

/** Name and key of who issued the certificate in question. */
export interface IssuerId {
  /** Name in DER. */
  readonly nameDer: Uint8Array;
  readonly spki: Uint8Array;
}

/** @param serialDer the whole INTEGER, as `Certificate.serialDer` @throws {PkiError} the key is none */
export function encodeCertId(issuer: IssuerId, serialDer: Uint8Array, digest: Digest = 'sha1'): Der {
  const { nameHash, keyHash } = issuerHashes(issuer, digest);
  return sequence(
    sequence(oid(DIGEST_OID[digest]), nullValue()),
    octetString(nameHash),
    octetString(keyHash),
    serialDer,
  );
}

/** @throws {Asn1Error} */
export function readCertId(node: Node | undefined): CertId {
  const [algorithm, name, key, serial] = children(expect(node, TAG.sequence, 'CertID'));
  const digest = digestOf(readOid(children(expect(algorithm, TAG.sequence, 'hash algorithm'))[0]));
  return {
    ...(digest && { digest }),
    nameHash: readOctetString(name, 'issuerNameHash'),
    keyHash: readOctetString(key, 'issuerKeyHash'),
    serial: serialText(content(expect(serial, TAG.integer, 'serialNumber'))),
    der: raw(node!),
  };
}

/** Whether the question is about a certificate of this issuer. @throws {PkiError} the key is none */
export function isOfIssuer(id: CertId, issuer: IssuerId): boolean {
  if (!id.digest) return false;
  const { nameHash, keyHash } = issuerHashes(issuer, id.digest);
  return Buffer.compare(id.nameHash, nameHash) === 0 && Buffer.compare(id.keyHash, keyHash) === 0;
}

function issuerHashes({ nameDer, spki }: IssuerId, digest: Digest) {
  return {
    nameHash: createHash(digest).update(nameDer).digest(),
    keyHash: createHash(digest).update(keyBits(spki)).digest(),
  };
}

/** The key without tag, length and unused bits. @throws {PkiError} */
export const keyBits = (spki: Uint8Array): Uint8Array =>
  reading('public key', 'key', () => {
    const [, key] = children(expect(readAsn1(spki), TAG.sequence, 'SubjectPublicKeyInfo'));
    return readBitString(key, 'public key').bytes;
  });

/** 1 to 128 octets are a nonce (RFC 9654); older ones are longer, shorter or not wrapped, and taken as they stand. */
export function nonceOf(extensions: readonly Extension[]): Uint8Array | undefined {
  return extensions.find((one) => one.oid === OCSP.nonce)?.value;
}

/** @param value the octets of the extension as they stand in the other message */
export const nonceExtension = (value: Uint8Array): Der => extension(OCSP.nonce, false, value);
