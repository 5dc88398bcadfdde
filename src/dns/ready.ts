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

export interface ReadyKey {
  readonly text: string;
  /** Octet after the question's name. */
  readonly nameEnd: number;
}

/** Bounds of each of the two generations that are kept. */
const MAX_OCTETS = 16 * 1024 * 1024;
const MAX_ENTRIES = 50_000;
/** What an entry costs beside its answer, roughly. */
const OVERHEAD = 400;

export interface ReadyAnswers<S> {
  find(key: ReadyKey): ReadyAnswer<S> | undefined;
  keep(key: ReadyKey, answer: ReadyAnswer<S>): void;
}

/** A bounded store: when the young generation is full, the old one is forgotten and they change places. */
export function readyAnswers<S>(): ReadyAnswers<S> {
  let young = new Map<string, ReadyAnswer<S>>();
  let old = new Map<string, ReadyAnswer<S>>();
  let octets = 0;
  const keep = (key: ReadyKey, answer: ReadyAnswer<S>) => {
    octets += answer.wire.length + OVERHEAD;
    if (octets > MAX_OCTETS || young.size >= MAX_ENTRIES) {
      old = young;
      young = new Map();
      octets = answer.wire.length + OVERHEAD;
    }
    young.set(key.text, answer);
  };
  return {
    find(key) {
      const answer = young.get(key.text);
      if (answer) return answer;
      const older = old.get(key.text);
      if (older) keep(key, older);
      return older;
    },
    keep,
  };
}

const scratch = Buffer.alloc(300);

/**
 * The key of an ordinary query; undefined when anything about it is unusual, which is then for the decoder to judge.
 *
 * @param udpSize Largest UDP answer of this server; 0 on TCP, where the size that EDNS tells does not matter.
 */
export function readyKey(query: Buffer, udpSize: number): ReadyKey | undefined {
  const length = query.length;
  // QR, opcode, AA, TC clear; RA, Z and the code clear; one question; at most one additional record.
  if (length < 17 || (query[2]! & 0xfe) !== 0 || (query[3]! & 0xcf) !== 0) return undefined;
  if (query[4] !== 0 || query[5] !== 1 || query[10] !== 0 || query[11]! > 1) return undefined;
  if ((query[6]! | query[7]! | query[8]! | query[9]!) !== 0) return undefined;
  let at = 12;
  let end = 0;
  let label = query[at]!;
  while (label !== 0) {
    const next = at + 1 + label;
    if (label > 63 || next > 266 || next + 5 > length) return undefined;
    scratch[end++] = label;
    for (at++; at < next; at++) {
      const octet = query[at]!;
      scratch[end++] = octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet;
    }
    label = query[at]!;
  }
  const nameEnd = at + 1;
  for (at = nameEnd; at < nameEnd + 4; at++) scratch[end++] = query[at]!;
  let size = udpSize === 0 ? 0 : 512;
  let flags = 0;
  if (query[11] === 1) {
    const opt = readOpt(query, at);
    if (opt < 0) return undefined;
    if (udpSize !== 0) size = Math.min(Math.max(opt & 0xffff, 512), udpSize);
    flags = opt & 0x10000 ? 3 : 1;
  } else if (at !== length) return undefined;
  scratch[end++] = size >> 8;
  scratch[end++] = size & 0xff;
  scratch[end++] = flags;
  return { text: scratch.toString('latin1', 0, end), nameEnd };
}

/** UDP size, and 0x10000 when DO is set; -1 when this is not one OPT record of version 0 up to the end. */
function readOpt(query: Buffer, at: number): number {
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
export function canonicalQuery(query: Buffer, key: ReadyKey): Buffer {
  const copy = Buffer.from(query);
  copy.fill(0, 0, 4);
  for (let at = 12; at < key.nameEnd; at++) {
    const octet = copy[at]!;
    if (octet >= 0x41 && octet <= 0x5a) copy[at] = octet | 0x20;
  }
  return copy;
}

/** The answer to this very query. A new copy: the socket may still be sending the last one. */
export function patched(wire: Buffer, query: Buffer, key: ReadyKey): Buffer {
  const answer = Buffer.allocUnsafe(wire.length);
  wire.copy(answer);
  answer[0] = query[0]!;
  answer[1] = query[1]!;
  answer[2] = wire[2]! | (query[2]! & 0x01);
  answer[3] = wire[3]! | (query[3]! & 0x10);
  query.copy(answer, 12, 12, key.nameEnd);
  return answer;
}
