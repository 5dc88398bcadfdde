/**
 * Base64 content transfer encoding (RFC 2045 §6.8).
 *
 * @module
 */
import { memoryFor } from '../net/memory.ts';
import { MailError } from './error.ts';
import { CR, LF, view } from './octets.ts';

/** Encoded columns of a line, and the octets in them. */
const COLUMNS = 76;
const OCTETS = 57;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PADDING = 0x3d;

/** Octets of the encoded form in lines of 76 with CRLF after each. */
export const base64Length = (octets: number): number => {
  const characters = 4 * Math.ceil(octets / 3);
  return characters + 2 * Math.ceil(characters / COLUMNS);
};

/** The two characters of each twelve bits: two tables of single octets, because the target is not aligned. */
const [FIRST, SECOND] = (() => {
  const alphabet = Buffer.from(ALPHABET, 'latin1');
  const pairs = Array.from(
    { length: 4096 },
    (_, bits) => [alphabet[bits >> 6]!, alphabet[bits & 63]!] as const,
  );
  return [Uint8Array.from(pairs, ([first]) => first), Uint8Array.from(pairs, ([, second]) => second)];
})();

/**
 * Lines that are written, and octets that are read, in one go. Octet by octet only small memory of their own is quick to
 * reach (see `memoryFor`), and no text is made of all of a large message.
 */
const LINES = 512;
const PIECE = 1 << 15;

/**
 * Writes `bytes` into `target` at `at`, in lines of 76 characters, each ended by CRLF. They may stand in `target` itself,
 * at the end of the room that their encoded form takes.
 *
 * @returns the position after what was written
 */
export function writeBase64(bytes: Uint8Array, target: Uint8Array, at: number): number {
  const lines = new Uint8Array(base64Length(Math.min(bytes.length, LINES * OCTETS)));
  let to = at;
  for (let from = 0; from < bytes.length; from += LINES * OCTETS) {
    const written = encodeLines(new Uint8Array(bytes.subarray(from, from + LINES * OCTETS)), lines);
    target.set(written === lines.length ? lines : lines.subarray(0, written), to);
    to += written;
  }
  return to;
}

function encodeLines(bytes: Uint8Array, target: Uint8Array): number {
  const { length } = bytes;
  let to = 0;
  for (let line = 0; line < length; line += OCTETS) {
    const end = Math.min(length, line + OCTETS);
    let from = line;
    for (; from + 2 < end; from += 3) {
      const group = (bytes[from]! << 16) | (bytes[from + 1]! << 8) | bytes[from + 2]!;
      target[to] = FIRST[group >> 12]!;
      target[to + 1] = SECOND[group >> 12]!;
      target[to + 2] = FIRST[group & 4095]!;
      target[to + 3] = SECOND[group & 4095]!;
      to += 4;
    }
    if (from < end) {
      const group = (bytes[from]! << 16) | ((from + 1 < end ? bytes[from + 1]! : 0) << 8);
      target[to] = FIRST[group >> 12]!;
      target[to + 1] = SECOND[group >> 12]!;
      target[to + 2] = from + 1 < end ? FIRST[group & 4095]! : PADDING;
      target[to + 3] = PADDING;
      to += 4;
    }
    target[to] = CR;
    target[to + 1] = LF;
    to += 2;
  }
  return to;
}

/** The encoded form in lines of 76 characters, each ended by CRLF. */
export function encodeBase64(bytes: Uint8Array): Uint8Array {
  const out = Buffer.allocUnsafe(base64Length(bytes.length));
  writeBase64(bytes, out, 0);
  return out;
}

/** Value of each character; -1 outside the alphabet. */
const VALUES = (() => {
  const values = new Int8Array(256).fill(-1);
  for (let i = 0; i < 64; i++) values[ALPHABET.charCodeAt(i)] = i;
  return values;
})();

/**
 * Decodes whatever line lengths and line ends there are. Characters outside the alphabet are passed over (RFC 2045
 * §6.8), and what follows the padding is not data.
 *
 * @returns `stray`: whether there was anything of that kind
 * @throws {MailError} `base64` when the text is cut inside a group, or more than a quarter of it is something else
 */
export function decodeBase64(encoded: Uint8Array): { bytes: Uint8Array; stray: boolean } {
  const regular = encoded.length <= SMALL ? decodeRegular(view(encoded)) : undefined;
  return regular ? { bytes: regular, stray: false } : decodeCarefully(encoded);
}

/** Up to here native code is faster; of more, it would make a text that stands in memory beside the octets. */
const SMALL = 100_000;

/**
 * The common case by native code: lines of one length. Undefined when the number of octets that come out is not the
 * number that such lines hold, so that anything odd in them is looked at carefully.
 */
function decodeRegular(encoded: Buffer): Uint8Array | undefined {
  let end = encoded.length;
  while (end > 0 && encoded[end - 1]! <= 0x20) end--;
  const lineFeed = encoded.indexOf(LF);
  const eol = lineFeed > 0 && encoded[lineFeed - 1] === CR ? 2 : 1;
  const width = lineFeed < 0 || lineFeed >= end ? end : lineFeed + 1;
  const lines = Math.ceil((end + eol) / (width || 1));
  let characters = lineFeed < 0 || lineFeed >= end ? end : end - (lines - 1) * eol;
  for (let back = end; back > 0 && encoded[back - 1] === PADDING && end - back < 2; back--) characters--;
  if (characters % 4 === 1) return undefined;
  const bytes = Buffer.from(encoded.toString('latin1', 0, end), 'base64');
  return bytes.length === Math.floor((characters * 3) / 4) ? bytes : undefined;
}

function decodeCarefully(encoded: Uint8Array): { bytes: Uint8Array; stray: boolean } {
  const out = memoryFor(Math.ceil(encoded.length / 4) * 3);
  const some = new Uint8Array(Math.ceil(Math.min(encoded.length, PIECE) / 4) * 3 + 3);
  const state: Decoding = { group: 0, open: 0, strays: 0, ended: false };
  let to = 0;
  for (let from = 0; from < encoded.length; from += PIECE) {
    const octets = decodePiece(new Uint8Array(encoded.subarray(from, from + PIECE)), some, state);
    out.set(some.subarray(0, octets), to);
    to += octets;
  }
  const { group, open, strays } = state;
  if (open === 1) throw new MailError('base64', 'the text ends inside a group of four characters');
  if (open >= 2) out[to++] = open === 2 ? (group >> 4) & 0xff : (group >> 10) & 0xff;
  if (open === 3) out[to++] = (group >> 2) & 0xff;
  if (strays > 16 && strays * 4 > encoded.length) throw new MailError('base64', 'the text is not base64');
  return { bytes: out.subarray(0, to), stray: strays > 0 };
}

interface Decoding {
  /** Bits of the characters of a group that is not complete, and how many these are. */
  group: number;
  open: number;
  strays: number;
  /** The padding was reached. */
  ended: boolean;
}

/** How many octets it wrote. */
function decodePiece(encoded: Uint8Array, out: Uint8Array, state: Decoding): number {
  const { length } = encoded;
  let { group, open, strays } = state;
  let to = 0;
  let at = 0;
  for (; at < length && !state.ended; at++) {
    // Whole groups at a stride; anything else makes `four` negative.
    while (open === 0 && at + 3 < length) {
      const four =
        (VALUES[encoded[at]!]! << 18) |
        (VALUES[encoded[at + 1]!]! << 12) |
        (VALUES[encoded[at + 2]!]! << 6) |
        VALUES[encoded[at + 3]!]!;
      if (four < 0) break;
      out[to] = four >> 16;
      out[to + 1] = (four >> 8) & 0xff;
      out[to + 2] = four & 0xff;
      to += 3;
      at += 4;
    }
    if (at >= length) break;
    const octet = encoded[at]!;
    const value = VALUES[octet]!;
    if (value >= 0) {
      group = (group << 6) | value;
      if (++open === 4) {
        out[to++] = group >> 16;
        out[to++] = (group >> 8) & 0xff;
        out[to++] = group & 0xff;
        open = 0;
        group = 0;
      }
    } else if (octet === PADDING) state.ended = true;
    else if (octet > 0x20) strays++;
  }
  for (; at < length && strays === 0; at++) if (encoded[at]! > 0x20 && encoded[at] !== PADDING) strays++;
  state.group = group;
  state.open = open;
  state.strays = strays;
  return to;
}
