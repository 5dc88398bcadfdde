/**
 * RSAES-OAEP encoding and decoding (RFC 8017 §7.1) for peers whose mask uses another digest than the label: node:crypto takes
 * one digest for both.
 *
 * @module
 */
import { hash, randomBytes } from 'node:crypto';
import type { Digest } from '../pki/algorithms.ts';

/** Octets of each digest. */
const LENGTH: Readonly<Record<Digest, number>> = { md5: 16, sha1: 20, sha256: 32, sha384: 48, sha512: 64 };

/**
 * The message inside an encoded block, as long as the modulus, or undefined when the block is not well formed. All
 * checks are made before any of them counts, and no branch depends on where a check failed.
 */
export function decodeOaep(
  block: Uint8Array,
  digest: Digest,
  maskDigest: Digest,
  label: Uint8Array,
): Uint8Array | undefined {
  const size = LENGTH[digest];
  if (block.length < 2 * size + 2) return undefined;
  const maskedSeed = block.subarray(1, 1 + size);
  const maskedData = block.subarray(1 + size);
  const seed = xor(maskedSeed, mgf1(maskedData, size, maskDigest));
  const data = xor(maskedData, mgf1(seed, maskedData.length, maskDigest));
  const labelHash = hash(digest, label, 'buffer');
  let wrong = block[0]!;
  for (let i = 0; i < size; i++) wrong |= data[i]! ^ labelHash[i]!;
  // 01 after zeros marks the message: `open` turns 0 there and stays.
  let open = 1;
  let at = 0;
  for (let i = size; i < data.length; i++) {
    const octet = data[i]!;
    const isOne = isZero(octet ^ 1);
    at |= open * isOne * i;
    wrong |= open * (1 - isOne) * octet;
    open *= 1 - isOne;
  }
  wrong |= open;
  return wrong === 0 ? data.subarray(at + 1) : undefined;
}

/**
 * The encoded block for an empty label (RFC 8017 §7.1.1).
 *
 * @param length octets of the modulus
 * @throws {RangeError} the message is too long for it
 */
export function encodeOaep(
  message: Uint8Array,
  length: number,
  digest: Digest,
  maskDigest: Digest,
): Uint8Array {
  const size = LENGTH[digest];
  const zeros = length - message.length - 2 * size - 2;
  if (zeros < 0) throw new RangeError(`${message.length} octets are too many for a key of ${length}`);
  const labelHash = hash(digest, new Uint8Array(), 'buffer');
  const data = Buffer.concat([labelHash, new Uint8Array(zeros), Uint8Array.of(1), message]);
  const seed = randomBytes(size);
  const maskedData = xor(data, mgf1(seed, data.length, maskDigest));
  const maskedSeed = xor(seed, mgf1(maskedData, size, maskDigest));
  return Buffer.concat([Uint8Array.of(0), maskedSeed, maskedData]);
}

/** 1 for 0, 0 for any other octet. */
const isZero = (octet: number): number => ((octet - 1) >>> 31) & 1;

function mgf1(seed: Uint8Array, length: number, digest: Digest): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let made = 0, counter = 0; made < length; made += LENGTH[digest], counter++) {
    const index = Buffer.alloc(4);
    index.writeUInt32BE(counter);
    blocks.push(hash(digest, Buffer.concat([seed, index]), 'buffer'));
  }
  return Buffer.concat(blocks).subarray(0, length);
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length);
  for (let i = 0; i < a.length; i++) out[i] = a[i]! ^ b[i]!;
  return out;
}
