/**
 * Signature algorithms of certificates, lists and messages: names, what they need, signing and verifying.
 *
 * Everything is synchronous `node:crypto`, so that a signature costs no virtual time.
 *
 * @module
 */
import { constants, type KeyObject, sign, verify } from 'node:crypto';
import { children, expect, isContext, type Node, raw, TAG } from '../asn1/read.ts';
import { readBitString, readOid, readSmallInteger } from '../asn1/values.ts';
import { type Der, oid as encodeOid, explicit, integer, nullValue, sequence } from '../asn1/write.ts';
import { PkiError } from './error.ts';

export type Digest = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';

export type SignatureScheme = 'rsa' | 'rsa-pss' | 'ecdsa' | 'eddsa' | 'dsa' | 'unknown';

export interface SignatureAlgorithm {
  readonly oid: string;
  /** As in RFC 3279, 4055, 5758, 8410: `sha256WithRSAEncryption`; the identifier when we do not know it. */
  readonly name: string;
  readonly scheme: SignatureScheme;
  readonly digest?: Digest;
  /** RSASSA-PSS only. */
  readonly saltLength?: number;
}

export const DIGEST_OID: Readonly<Record<Digest, string>> = {
  md5: '1.2.840.113549.2.5',
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};

const DIGEST_BY_OID = new Map<string, Digest>(
  Object.entries(DIGEST_OID).map(([digest, oid]) => [oid, digest as Digest]),
);

/** The digest that an identifier names, if we have it. */
export const digestOf = (oid: string): Digest | undefined => DIGEST_BY_OID.get(oid);

const PSS = '1.2.840.113549.1.1.10';
const MGF1 = '1.2.840.113549.1.1.8';

const KNOWN: readonly SignatureAlgorithm[] = [
  { oid: '1.2.840.113549.1.1.4', name: 'md5WithRSAEncryption', scheme: 'rsa', digest: 'md5' },
  { oid: '1.2.840.113549.1.1.5', name: 'sha1WithRSAEncryption', scheme: 'rsa', digest: 'sha1' },
  { oid: '1.3.14.3.2.29', name: 'sha1WithRSASignature', scheme: 'rsa', digest: 'sha1' },
  { oid: '1.2.840.113549.1.1.11', name: 'sha256WithRSAEncryption', scheme: 'rsa', digest: 'sha256' },
  { oid: '1.2.840.113549.1.1.12', name: 'sha384WithRSAEncryption', scheme: 'rsa', digest: 'sha384' },
  { oid: '1.2.840.113549.1.1.13', name: 'sha512WithRSAEncryption', scheme: 'rsa', digest: 'sha512' },
  { oid: '1.2.840.10045.4.1', name: 'ecdsa-with-SHA1', scheme: 'ecdsa', digest: 'sha1' },
  { oid: '1.2.840.10045.4.3.2', name: 'ecdsa-with-SHA256', scheme: 'ecdsa', digest: 'sha256' },
  { oid: '1.2.840.10045.4.3.3', name: 'ecdsa-with-SHA384', scheme: 'ecdsa', digest: 'sha384' },
  { oid: '1.2.840.10045.4.3.4', name: 'ecdsa-with-SHA512', scheme: 'ecdsa', digest: 'sha512' },
  // old test material only: no profile of Direct takes it
  { oid: '1.2.840.10040.4.3', name: 'dsa-with-sha1', scheme: 'dsa', digest: 'sha1' },
  { oid: '2.16.840.1.101.3.4.3.2', name: 'dsa-with-sha256', scheme: 'dsa', digest: 'sha256' },
  { oid: '1.3.101.112', name: 'Ed25519', scheme: 'eddsa' },
  { oid: '1.3.101.113', name: 'Ed448', scheme: 'eddsa' },
];

const BY_OID = new Map(KNOWN.map((algorithm) => [algorithm.oid, algorithm]));

/** Reads an AlgorithmIdentifier of a signature. @throws {Asn1Error} */
export function readSignatureAlgorithm(node: Node | undefined): SignatureAlgorithm {
  const [type, parameters] = children(expect(node, TAG.sequence, 'signature algorithm'));
  const oid = readOid(type, 'signature algorithm');
  if (oid === PSS) return pss(parameters);
  return BY_OID.get(oid) ?? { oid, name: oid, scheme: 'unknown' };
}

/** RSASSA-PSS-params (RFC 4055 §3.1); every field has a default, SHA-1 and salt 20. */
function pss(parameters: Node | undefined): SignatureAlgorithm {
  let digest: Digest | undefined = 'sha1';
  let mgf: Digest | undefined = 'sha1';
  let saltLength = 20;
  const fields = parameters?.constructed ? children(parameters) : [];
  for (const field of fields) {
    const inner = children(field)[0];
    if (isContext(field, 0))
      digest = digestOf(readOid(children(expect(inner, TAG.sequence, 'PSS digest'))[0]));
    else if (isContext(field, 1)) {
      const [type, hash] = children(expect(inner, TAG.sequence, 'PSS mask'));
      mgf =
        readOid(type) === MGF1
          ? digestOf(readOid(children(expect(hash, TAG.sequence, 'MGF1 digest'))[0]))
          : undefined;
    } else if (isContext(field, 2)) saltLength = readSmallInteger(inner, 'PSS salt');
  }
  // node:crypto uses one digest for both; another pair is told as an algorithm that we do not have
  if (!digest || digest !== mgf || saltLength < 0 || saltLength > 1024)
    return { oid: PSS, name: 'RSASSA-PSS', scheme: 'unknown' };
  return { oid: PSS, name: `RSASSA-PSS-${digest}`, scheme: 'rsa-pss', digest, saltLength };
}

/** The octets of a signature: whole ones, so that nobody can write the same certificate in two ways. @throws {PkiError} */
export function readSignatureValue(node: Node | undefined): Uint8Array {
  const { bytes, unused } = readBitString(node, 'signature value');
  if (unused !== 0) throw new PkiError('structure', `signature value: ${unused} unused bits`);
  return bytes;
}

const SCHEME_KEYS: Readonly<Record<SignatureScheme, readonly string[]>> = {
  rsa: ['rsa'],
  'rsa-pss': ['rsa', 'rsa-pss'],
  ecdsa: ['ec'],
  eddsa: ['ed25519', 'ed448'],
  dsa: ['dsa'],
  unknown: [],
};

/**
 * Whether `signature` over `data` verifies. A key of another kind than the algorithm needs, an algorithm that we do
 * not have, or octets that are no signature at all: false, never an error.
 */
export function verifySignature(
  algorithm: SignatureAlgorithm,
  data: Uint8Array,
  signature: Uint8Array,
  key: KeyObject,
): boolean {
  if (!SCHEME_KEYS[algorithm.scheme].includes(key.asymmetricKeyType ?? '')) return false;
  try {
    if (algorithm.scheme === 'rsa-pss') {
      const padding = constants.RSA_PKCS1_PSS_PADDING;
      return verify(algorithm.digest, data, { key, padding, saltLength: algorithm.saltLength! }, signature);
    }
    return verify(algorithm.digest ?? null, data, key, signature);
  } catch {
    // OpenSSL refuses some keys and signatures with an error instead of "no"
    return false;
  }
}

export interface SigningChoice {
  readonly digest?: Digest;
  readonly pss?: boolean;
}

/** The algorithm that a key of this kind signs with. @throws {PkiError} */
export function signatureAlgorithm(key: KeyObject, choice: SigningChoice = {}): SignatureAlgorithm {
  const digest = choice.digest ?? 'sha256';
  const kind = key.asymmetricKeyType;
  if (kind === 'rsa' && choice.pss) {
    const saltLength = { md5: 16, sha1: 20, sha256: 32, sha384: 48, sha512: 64 }[digest];
    return { oid: PSS, name: `RSASSA-PSS-${digest}`, scheme: 'rsa-pss', digest, saltLength };
  }
  const found = KNOWN.find(
    ({ scheme, digest: needs, name }) =>
      SCHEME_KEYS[scheme].includes(kind ?? '') &&
      (scheme === 'eddsa' ? name.toLowerCase() === kind : needs === digest),
  );
  if (!found) throw new PkiError('algorithm', `no signature algorithm for a ${kind} key with ${digest}`);
  return found;
}

/** The AlgorithmIdentifier of a signature: NULL parameters for RSA, none for the others (RFC 4055 §5, 5758 §3.2). */
export function encodeSignatureAlgorithm(algorithm: SignatureAlgorithm): Der {
  const type = encodeOid(algorithm.oid);
  if (algorithm.scheme === 'rsa') return sequence(type, nullValue());
  if (algorithm.scheme !== 'rsa-pss') return sequence(type);
  const hash = sequence(encodeOid(DIGEST_OID[algorithm.digest!]), nullValue());
  return sequence(
    type,
    sequence(
      explicit(0, hash),
      explicit(1, sequence(encodeOid(MGF1), hash)),
      explicit(2, integer(algorithm.saltLength!)),
    ),
  );
}

/** The signature octets over `data`. */
export function signData(algorithm: SignatureAlgorithm, data: Uint8Array, key: KeyObject): Uint8Array {
  if (algorithm.scheme === 'rsa-pss') {
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    return sign(algorithm.digest, data, { key, padding, saltLength: algorithm.saltLength! });
  }
  return sign(algorithm.digest ?? null, data, key);
}

/** Whether two AlgorithmIdentifiers say the same; NULL and absent parameters do (RFC 5280 §4.1.1.2). */
export function sameAlgorithm(a: Node, b: Node): boolean {
  const plain = (node: Node): string => Buffer.from(raw(node)).toString('hex').replace(/0500$/, '').slice(4);
  return plain(a) === plain(b);
}
