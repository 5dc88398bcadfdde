/**
 * Keys from a password, as PKCS #12 has always made them (RFC 7292 appendix B.2). `node:crypto` has the hashes but not
 * this loop over them.
 *
 * @module
 */
import { hash } from 'node:crypto';
import type { Digest } from '../algorithms.ts';
import { type Effort, spend } from '../effort.ts';

/** What the derived octets are for (appendix B.3). */
export const PURPOSE = { key: 1, iv: 2, mac: 3 } as const;

const SIZES: Readonly<Record<Digest, { readonly out: number; readonly block: number }>> = {
  md5: { out: 16, block: 64 },
  sha1: { out: 20, block: 64 },
  sha256: { out: 32, block: 64 },
  sha384: { out: 48, block: 128 },
  sha512: { out: 64, block: 128 },
};

/** A round here is one call of a hash, dearer than a round of PBKDF2 inside OpenSSL. */
const COST = 8;

export interface Derivation {
  readonly digest: Digest;
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly purpose: (typeof PURPOSE)[keyof typeof PURPOSE];
  /** Octets wanted. */
  readonly length: number;
}

/**
 * @param password as `bmpPassword` writes it
 * @throws {PkiError} `limit` when that is too much work
 */
export function derivePkcs12(password: Uint8Array, wanted: Derivation, effort: Effort): Uint8Array {
  const { digest, iterations, length } = wanted;
  const { out, block } = SIZES[digest];
  spend(effort, iterations, COST * Math.ceil(length / out), 'PKCS #12');
  const diversifier = Buffer.alloc(block, wanted.purpose);
  const input = Buffer.concat([filled(wanted.salt, block), filled(password, block)]);
  const pieces: Buffer[] = [];
  for (let have = 0; have < length; have += out) {
    let piece = hash(digest, Buffer.concat([diversifier, input]), 'buffer');
    for (let round = 1; round < iterations; round++) piece = hash(digest, piece, 'buffer');
    pieces.push(piece);
    addToEach(input, filled(piece, block).subarray(0, block), block);
  }
  return Buffer.concat(pieces).subarray(0, length);
}

/** Big-endian UTF-16 with two zero octets behind it (appendix B.1). */
export const bmpPassword = (password: string): Uint8Array =>
  Buffer.concat([Buffer.from(password, 'utf16le').swap16(), Buffer.alloc(2)]);

/** `octets` again and again, to a multiple of `block`; nothing stays nothing. */
function filled(octets: Uint8Array, block: number): Buffer {
  if (octets.length === 0) return Buffer.alloc(0);
  return Buffer.alloc(block * Math.ceil(octets.length / block), octets);
}

/** Adds `number` and one to each block of `input`, as big-endian numbers, without the last carry. */
function addToEach(input: Buffer, number: Uint8Array, block: number): void {
  for (let start = 0; start < input.length; start += block) {
    let carry = 1;
    for (let at = block - 1; at >= 0; at--) {
      carry += input[start + at]! + number[at]!;
      input[start + at] = carry & 0xff;
      carry >>= 8;
    }
  }
}
