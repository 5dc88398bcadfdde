/**
 * Ciphers with a password: PBES2 (RFC 8018 §6.2) and the older ones of PKCS #12 (RFC 7292 appendix C), for key files
 * and PKCS #12.
 *
 * @module
 */
import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes, scryptSync } from 'node:crypto';
import { children, expect, is, type Node, TAG } from '../asn1/read.ts';
import { readOctetString, readOid, readSmallInteger } from '../asn1/values.ts';
import { type Der, integer, nullValue, octetString, oid, sequence } from '../asn1/write.ts';
import type { Digest } from './algorithms.ts';
import { type Effort, spend } from './effort.ts';
import { PkiError } from './error.ts';
import { bmpPassword, derivePkcs12, PURPOSE } from './pkcs12/derive.ts';

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
const SCRYPT = '1.3.6.1.4.1.11591.4.11';
const HMAC = '1.2.840.113549.2';

const PRF: Readonly<Record<string, Digest>> = {
  [`${HMAC}.7`]: 'sha1',
  [`${HMAC}.9`]: 'sha256',
  [`${HMAC}.10`]: 'sha384',
  [`${HMAC}.11`]: 'sha512',
};

interface Cipher {
  /** As OpenSSL calls it. */
  readonly name: string;
  readonly key: number;
  readonly iv: number;
}

const AES_256: Cipher = { name: 'aes-256-cbc', key: 32, iv: 16 };
const AES_256_OID = '2.16.840.1.101.3.4.1.42';

const CIPHERS: Readonly<Record<string, Cipher>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', key: 16, iv: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', key: 24, iv: 16 },
  [AES_256_OID]: AES_256,
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', key: 24, iv: 8 },
};

const OLD = '1.2.840.113549.1.12.1';

const OLD_CIPHERS: Readonly<Record<string, Cipher>> = {
  [`${OLD}.3`]: { name: 'des-ede3-cbc', key: 24, iv: 8 },
  [`${OLD}.4`]: { name: 'des-ede-cbc', key: 16, iv: 8 },
  [`${OLD}.5`]: { name: 'rc2-cbc', key: 16, iv: 8 },
  [`${OLD}.6`]: { name: 'rc2-40-cbc', key: 5, iv: 8 },
};

/** Never read: named so that the refusal says what it was. */
const REFUSED: Readonly<Record<string, string>> = {
  [`${OLD}.1`]: 'RC4 with 128 bits',
  [`${OLD}.2`]: 'RC4 with 40 bits',
  '1.2.840.113549.1.5.3': 'DES with MD5',
  '1.2.840.113549.1.5.10': 'DES with SHA-1',
};

/**
 * @param algorithm the AlgorithmIdentifier that stood beside the ciphertext
 * @throws {PkiError} `password`, `algorithm`, `limit`, `structure` @throws {Asn1Error}
 */
export function decryptWithPassword(
  algorithm: Node | undefined,
  ciphertext: Uint8Array,
  password: string,
  effort: Effort,
): Uint8Array {
  const [type, parameters] = children(expect(algorithm, TAG.sequence, 'encryption algorithm'));
  const id = readOid(type, 'encryption algorithm');
  if (id === PBES2) return decryptPbes2(parameters, ciphertext, password, effort);
  const cipher = OLD_CIPHERS[id];
  if (!cipher) throw new PkiError('algorithm', `password cipher ${REFUSED[id] ?? id} is not read`);
  const [saltNode, count] = children(expect(parameters, TAG.sequence, 'cipher parameters'));
  const from = {
    digest: 'sha1',
    salt: saltOf(saltNode),
    iterations: readSmallInteger(count, 'iterations'),
  } as const;
  const octets = bmpPassword(password);
  const key = derivePkcs12(octets, { ...from, purpose: PURPOSE.key, length: cipher.key }, effort);
  const iv = derivePkcs12(octets, { ...from, purpose: PURPOSE.iv, length: cipher.iv }, effort);
  return decipher(cipher, key, iv, ciphertext);
}

function decryptPbes2(
  parameters: Node | undefined,
  ciphertext: Uint8Array,
  password: string,
  effort: Effort,
): Uint8Array {
  const [derivation, scheme] = children(expect(parameters, TAG.sequence, 'PBES2 parameters'));
  const [type, ivNode] = children(expect(scheme, TAG.sequence, 'PBES2 cipher'));
  const id = readOid(type, 'PBES2 cipher');
  const cipher = CIPHERS[id];
  if (!cipher) throw new PkiError('algorithm', `password cipher ${id} is not read`);
  const iv = readOctetString(ivNode, 'initialization vector');
  if (iv.length !== cipher.iv)
    throw new PkiError('structure', `an initialization vector of ${iv.length} octets`);
  return decipher(cipher, deriveKey(derivation, cipher.key, password, effort), iv, ciphertext);
}

/**
 * The key of a KeyDerivationFunc: PBKDF2 (RFC 8018 §5.2) or scrypt (RFC 7914).
 *
 * @throws {PkiError} @throws {Asn1Error}
 */
export function deriveKey(
  node: Node | undefined,
  length: number,
  password: string,
  effort: Effort,
): Uint8Array {
  const [type, parameters] = children(expect(node, TAG.sequence, 'key derivation'));
  const id = readOid(type, 'key derivation');
  const [saltNode, ...rest] = children(expect(parameters, TAG.sequence, 'key derivation'));
  const salt = saltOf(saltNode);
  if (id === PBKDF2) {
    const [count, ...more] = rest;
    const iterations = readSmallInteger(count, 'iterations');
    wantedLength(more, length);
    const prf = prfOf(more.find((one) => is(one, TAG.sequence)));
    spend(effort, iterations, 1, 'PBKDF2');
    return pbkdf2Sync(password, salt, iterations, length, prf);
  }
  if (id !== SCRYPT) throw new PkiError('algorithm', `key derivation ${id} is not known`);
  const [n, r, p] = rest.map((one) => (is(one, TAG.integer) ? readSmallInteger(one, 'scrypt') : 0));
  wantedLength(rest.slice(3), length);
  return scrypt(password, salt, { n: n ?? 0, r: r ?? 0, p: p ?? 0 }, length, effort);
}

/** The key length that a derivation may name must be the cipher's. */
function wantedLength(nodes: readonly Node[], length: number): void {
  const named = nodes.find((one) => is(one, TAG.integer));
  if (named && readSmallInteger(named, 'key length') !== length)
    throw new PkiError('structure', `a derived key of another length than the ${length} octets of its use`);
}

function prfOf(node: Node | undefined): Digest {
  if (!node) return 'sha1';
  const id = readOid(children(node)[0], 'pseudo-random function');
  const digest = PRF[id];
  if (!digest) throw new PkiError('algorithm', `pseudo-random function ${id} is not known`);
  return digest;
}

const MEMORY = 64 * 1024 * 1024;

function scrypt(
  password: string,
  salt: Uint8Array,
  { n, r, p }: { readonly n: number; readonly r: number; readonly p: number },
  length: number,
  effort: Effort,
): Uint8Array {
  if (n < 2 || n > 2 ** 24 || (n & (n - 1)) !== 0 || r < 1 || r > 64 || p < 1 || p > 64)
    throw new PkiError('structure', `scrypt: n=${n}, r=${r}, p=${p}`);
  if (128 * n * r > MEMORY) throw new PkiError('limit', 'scrypt asks for more than 64 MB');
  spend(effort, n * r * p, 2, 'scrypt');
  return scryptSync(password, salt, length, { N: n, r, p, maxmem: 2 * MEMORY });
}

function saltOf(node: Node | undefined): Uint8Array {
  const salt = readOctetString(node, 'salt');
  if (salt.length > 1024) throw new PkiError('limit', `a salt of ${salt.length} octets`);
  return salt;
}

function decipher(cipher: Cipher, key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const open = start(cipher, key, iv);
  try {
    return Buffer.concat([open.update(ciphertext), open.final()]);
  } catch (error) {
    throw wrongPassword(error);
  }
}

function start({ name }: Cipher, key: Uint8Array, iv: Uint8Array): ReturnType<typeof createDecipheriv> {
  try {
    return createDecipheriv(name, key, iv);
  } catch (error) {
    // OpenSSL 3 keeps RC2 in a part of its own that is not loaded
    const cure =
      'Write the file anew: openssl pkcs12 -legacy -in old.p12 -nodes -out plain.pem, ' +
      'then openssl pkcs12 -export -in plain.pem -out new.p12, and remove plain.pem';
    throw new PkiError('algorithm', `password cipher ${name} is no longer part of OpenSSL. ${cure}`, {
      cause: error,
    });
  }
}

export const wrongPassword = (cause?: unknown): PkiError =>
  new PkiError('password', 'the password is wrong, or the file was changed', { cause });

/** Two hundred thousand rounds of HMAC-SHA-256: a tenth of a second. */
export const ITERATIONS = 200_000;

/** PBES2 with PBKDF2, HMAC-SHA-256 and AES-256-CBC. */
export function encryptWithPassword(
  plain: Uint8Array,
  password: string,
  iterations: number = ITERATIONS,
): { readonly algorithm: Der; readonly ciphertext: Uint8Array } {
  const salt = randomBytes(16);
  const iv = randomBytes(AES_256.iv);
  const key = pbkdf2Sync(password, salt, iterations, AES_256.key, 'sha256');
  const cipher = createCipheriv(AES_256.name, key, iv);
  const prf = sequence(oid(`${HMAC}.9`), nullValue());
  return {
    algorithm: sequence(
      oid(PBES2),
      sequence(
        sequence(oid(PBKDF2), sequence(octetString(salt), integer(iterations), prf)),
        sequence(oid(AES_256_OID), octetString(iv)),
      ),
    ),
    ciphertext: Buffer.concat([cipher.update(plain), cipher.final()]),
  };
}
