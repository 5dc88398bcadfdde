/**
 * Ready wire answers: what was answered once is answered again from the octets of the question, without decoding.
 *
 * An answer depends on the question (in any case), on whether and how EDNS was used, and on the transport: those make
 * the key. What differs from query to query is patched into a copy: id, RD, CD, and the case of the question (0x20).
 *
 * @module
 */

export interface ReadyAnswer<S> {
  /** The answer to the canonical query: id 0, RD and CD clear, name in lower case. */
  readonly wire: Buffer;
  /** What the evidence says of it; without its id. */
  readonly summary: S;
}

interface Kept<S> extends ReadyAnswer<S> {
  readonly key: Uint8Array;
}

/** Bounds of each of the two generations that are kept. */
const MAX_OCTETS = 16 * 1024 * 1024;
const MAX_ENTRIES = 50_000;
/** What an entry costs beside its answer, roughly. */
const OVERHEAD = 400;

export interface ReadyAnswers<S> {
  /** The answer for the key that was read last. */
  find(key: ReadyKey): ReadyAnswer<S> | undefined;
  keep(key: ReadyKey, answer: ReadyAnswer<S>): void;
}

/**
 * A bounded store: when the young generation is full, the old one is forgotten and they change places. Two keys of
 * one hash displace each other, which costs time and nothing else.
 */
export function readyAnswers<S>(): ReadyAnswers<S> {
  let young = new Map<number, Kept<S>>();
  let old = new Map<number, Kept<S>>();
  let octets = 0;
  const store = (hash: number, kept: Kept<S>) => {
    octets += kept.wire.length + OVERHEAD;
    if (octets > MAX_OCTETS || young.size >= MAX_ENTRIES) {
      old = young;
      young = new Map();
      octets = kept.wire.length + OVERHEAD;
    }
    young.set(hash, kept);
  };
  return {
    find(key) {
      const kept = young.get(key.hash);
      if (kept && isKey(kept.key, key)) return kept;
      const older = old.get(key.hash);
      if (!older || !isKey(older.key, key)) return undefined;
      store(key.hash, older);
      return older;
    },
    keep: (key, { wire, summary }) =>
      store(key.hash, { key: key.octets.slice(0, key.length), wire, summary }),
  };
}

function isKey(kept: Uint8Array, key: ReadyKey): boolean {
  const { length, octets } = key;
  if (kept.length !== length) return false;
  for (let at = 0; at < length; at++) if (kept[at] !== octets[at]) return false;
  return true;
}

/** What an answer is kept under. There is only one, used again for each query, so that a query makes no garbage. */
export interface ReadyKey {
  readonly octets: Uint8Array;
  readonly length: number;
  readonly hash: number;
  /** Octet after the question's name, in the query. */
  readonly nameEnd: number;
}

const key = { octets: new Uint8Array(300), length: 0, hash: 0, nameEnd: 0 };

/**
 * The key of an ordinary query, good until the next call; undefined when anything about it is unusual, which is then
 * for the decoder to judge.
 *
 * @param udpSize Largest UDP answer of this server; 0 on TCP, where the size that EDNS tells does not matter.
 */
export function readyKey(query: Uint8Array, udpSize: number): ReadyKey | undefined {
  const length = query.length;
  // QR, opcode, AA, TC clear; RA, Z and the code clear; one question; at most one additional record.
  if (length < 17 || (query[2]! & 0xfe) !== 0 || (query[3]! & 0xcf) !== 0) return undefined;
  if (query[4] !== 0 || query[5] !== 1 || query[10] !== 0 || query[11]! > 1) return undefined;
  if ((query[6]! | query[7]! | query[8]! | query[9]!) !== 0) return undefined;
  const { octets } = key;
  // FNV-1a
  let hash = 0x811c9dc5;
  let end = 0;
  let at = 12;
  let label = query[at]!;
  while (label !== 0) {
    const next = at + 1 + label;
    if (label > 63 || next > 266 || next + 5 > length) return undefined;
    octets[end++] = label;
    for (at++; at < next; at++) {
      let octet = query[at]!;
      if (octet >= 0x41 && octet <= 0x5a) octet |= 0x20;
      octets[end++] = octet;
      hash = Math.imul(hash ^ octet, 0x01000193);
    }
    label = query[at]!;
  }
  const nameEnd = at + 1;
  for (at = nameEnd; at < nameEnd + 4; at++) octets[end++] = query[at]!;
  hash = Math.imul(hash ^ query[nameEnd + 1]!, 0x01000193);
  let size = udpSize === 0 ? 0 : 512;
  let flags = 0;
  if (query[11] === 1) {
    const opt = readOpt(query, at);
    if (opt < 0) return undefined;
    if (udpSize !== 0) size = Math.min(Math.max(opt & 0xffff, 512), udpSize);
    flags = opt & 0x10000 ? 3 : 1;
  } else if (at !== length) return undefined;
  octets[end++] = size >> 8;
  octets[end++] = size & 0xff;
  octets[end++] = flags;
  hash = Math.imul(hash ^ size, 0x01000193);
  key.length = end;
  key.hash = (hash ^ flags) & 0x3fffffff;
  key.nameEnd = nameEnd;
  return key;
}

/** UDP size, and 0x10000 when DO is set; -1 when this is not one OPT record of version 0 up to the end. */
function readOpt(query: Uint8Array, at: number): number {
  if (at + 11 > query.length || query[at] !== 0 || query[at + 1] !== 0 || query[at + 2] !== 41) return -1;
  if (query[at + 5] !== 0 || query[at + 6] !== 0) return -1;
  let option = at + 11;
  const end = option + ((query[at + 9]! << 8) | query[at + 10]!);
  if (end !== query.length) return -1;
  while (option < end) {
    if (option + 4 > end) return -1;
    option += 4 + ((query[option + 2]! << 8) | query[option + 3]!);
  }
  if (option !== end) return -1;
  return ((query[at + 3]! << 8) | query[at + 4]!) + (query[at + 7]! & 0x80 ? 0x10000 : 0);
}

/** The query as it would be with id 0, no RD, AD or CD, and in lower case. */
export function canonicalQuery(query: Uint8Array, nameEnd: number): Buffer {
  const copy = Buffer.from(query);
  copy.fill(0, 0, 4);
  for (let at = 12; at < nameEnd; at++) {
    const octet = copy[at]!;
    if (octet >= 0x41 && octet <= 0x5a) copy[at] = octet | 0x20;
  }
  return copy;
}

/** Where answers are put together for sending. */
export interface Slab {
  take(size: number): Buffer;
}

const SLAB = 64 * 1024;

/**
 * One piece of memory for many answers, used again from its start when it is full and nothing in it waits to be sent:
 * making a buffer for each answer costs more than all else that is done for it.
 *
 * @param unsent whether anything taken before may still be waiting to be sent
 */
export function answerSlab(unsent: () => boolean): Slab {
  let slab: Buffer | undefined;
  let used = 0;
  return {
    take(size) {
      if (size > SLAB / 8) return Buffer.allocUnsafe(size);
      if (!slab || used + size > SLAB) {
        if (!slab || unsent()) slab = Buffer.allocUnsafeSlow(SLAB);
        used = 0;
      }
      used += size;
      return slab.subarray(used - size, used);
    },
  };
}

/** The answer to this very query, in memory of the slab: good until it is sent or copied. */
export function patched(wire: Buffer, query: Uint8Array, nameEnd: number, slab: Slab): Buffer {
  const answer = slab.take(wire.length);
  answer.set(wire);
  answer[0] = query[0]!;
  answer[1] = query[1]!;
  answer[2] = wire[2]! | (query[2]! & 0x01);
  answer[3] = wire[3]! | (query[3]! & 0x10);
  for (let at = 12; at < nameEnd; at++) answer[at] = query[at]!;
  return answer;
}
