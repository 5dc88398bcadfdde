/**
 * Chance that can be repeated: the same seed draws the same numbers, on any machine.
 *
 * Not for secrets: keys, nonces and content-encryption keys come from `node:crypto`.
 *
 * @module
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';

export interface Random {
  /** A whole number from 0 up to, not including, `below`. */
  int(below: number): number;
  /** From 0 up to, not including, 1. */
  float(): number;
  bytes(count: number): Uint8Array;
  /** A version 4 UUID. */
  uuid(): string;
  /** A new list in another order. */
  shuffle<T>(list: readonly T[]): T[];
  /** An independent stream: drawing from it does not move this one, and the same label gives the same stream. */
  fork(label: string): Random;
}

/** A stream of numbers from a seed (xoshiro128**, Blackman and Vigna), whitened by SHA-256 of the seed text. */
export function seededRandom(seed: number | string): Random {
  const digest = createHash('sha256').update(String(seed)).digest();
  let a = digest.readUInt32LE(0) | 1;
  let b = digest.readUInt32LE(4);
  let c = digest.readUInt32LE(8);
  let d = digest.readUInt32LE(12);
  const word = (): number => {
    const r = Math.imul(rotl(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotl(d, 11);
    return r;
  };
  return fromWords(word, (label) => seededRandom(`${seed}/${label}`));
}

/** Chance for the real network: unpredictable, so that query ids and ports cannot be guessed (RFC 5452 §9.2). */
export function systemRandom(): Random {
  let pool = randomBytes(1024);
  let at = 0;
  const word = (): number => {
    if (at === pool.length) {
      pool = randomBytes(1024);
      at = 0;
    }
    at += 4;
    return pool.readUInt32LE(at - 4);
  };
  return {
    ...fromWords(word, () => systemRandom()),
    // from the system at once: every message draws some
    uuid: () => randomUUID(),
    bytes: (count) => new Uint8Array(randomBytes(count)),
  };
}

function fromWords(word: () => number, fork: (label: string) => Random): Random {
  const float = () => word() / 0x1_0000_0000;
  const int = (below: number) => Math.floor(float() * below);
  const bytes = (count: number) => {
    const out = new Uint8Array(count);
    for (let i = 0; i < count; i++) out[i] = word() >>> 24;
    return out;
  };
  return {
    int,
    float,
    bytes,
    uuid() {
      const raw = bytes(16);
      raw[6] = (raw[6]! & 0x0f) | 0x40;
      raw[8] = (raw[8]! & 0x3f) | 0x80;
      return Buffer.from(raw)
        .toString('hex')
        .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    },
    shuffle<T>(list: readonly T[]): T[] {
      const out = [...list];
      for (let i = out.length - 1; i > 0; i--) {
        const j = int(i + 1);
        [out[i], out[j]] = [out[j]!, out[i]!];
      }
      return out;
    },
    fork,
  };
}

const rotl = (x: number, k: number): number => (x << k) | (x >>> (32 - k));
