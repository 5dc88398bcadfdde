/**
 * Base64 content transfer encoding (RFC 2045 §6.8).
 *
 * @module
 */
import { MailError } from './error.ts';
import { CR, LF } from './octets.ts';

/** Encoded columns of a line. */
const COLUMNS = 76;
const OCTETS = 57;

/** Two characters for each value of 12 bits, first in the low octet. */
const PAIRS = (() => {
  const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
  const pairs = new Uint16Array(4096);
  for (let i = 0; i < 4096; i++) pairs[i] = alphabet[i >> 6]! | (alphabet[i & 63]! << 8);
  return pairs;
})();

/** Octets of the encoded form in lines of 76 with CRLF after each. */
export const base64Length = (octets: number): number => {
  const characters = 4 * Math.ceil(octets / 3);
  return characters + 2 * Math.ceil(characters / COLUMNS);
};

/**
 * Writes `bytes` into `target` at `at`, in lines of 76 characters, each ended by CRLF.
 *
 * @returns the position after what was written
 */
export function writeBase64(bytes: Uint8Array, target: Uint8Array, at: number): number {
  let to = at;
  for (let from = 0; from < bytes.length; from += OCTETS) {
    const end = Math.min(from + OCTETS, bytes.length);
    let i = from;
    for (; i + 2 < end; i += 3) {
      const a = bytes[i]!;
      const b = bytes[i + 1]!;
      const c = bytes[i + 2]!;
      const high = PAIRS[(a << 4) | (b >> 4)]!;
      const low = PAIRS[((b & 15) << 8) | c]!;
      target[to] = high & 0xff;
      target[to + 1] = high >> 8;
      target[to + 2] = low & 0xff;
      target[to + 3] = low >> 8;
      to += 4;
    }
    if (i < end) {
      const a = bytes[i]!;
      const b = i + 1 < end ? bytes[i + 1]! : 0;
      const high = PAIRS[(a << 4) | (b >> 4)]!;
      target[to] = high & 0xff;
      target[to + 1] = high >> 8;
      target[to + 2] = i + 1 < end ? PAIRS[(b & 15) << 8]! & 0xff : 0x3d;
      target[to + 3] = 0x3d;
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
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  for (let i = 0; i < 64; i++) values[alphabet.charCodeAt(i)] = i;
  return values;
})();

const PADDING = 0x3d;

/**
 * Decodes whatever line lengths and line ends there are. Characters outside the alphabet are passed over (RFC 2045
 * §6.8), and what follows the padding is not data.
 *
 * @returns `stray`: whether there was anything of that kind
 * @throws {MailError} `base64` when the text is cut inside a group, or more than a quarter of it is something else
 */
export function decodeBase64(encoded: Uint8Array): { bytes: Uint8Array; stray: boolean } {
  const length = encoded.length;
  const out = Buffer.allocUnsafe(Math.ceil(length / 4) * 3);
  let to = 0;
  let at = 0;
  let strays = 0;
  let open = 0;
  let group = 0;
  for (; at < length; at++) {
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
    } else if (octet === PADDING) break;
    else if (octet > 0x20) strays++;
  }
  if (open === 1) throw new MailError('base64', 'the text ends inside a group of four characters');
  if (open >= 2) out[to++] = open === 2 ? (group >> 4) & 0xff : (group >> 10) & 0xff;
  if (open === 3) out[to++] = (group >> 2) & 0xff;
  if (strays > 16 && strays * 4 > length) throw new MailError('base64', 'the text is not base64');
  for (; at < length && strays === 0; at++) if (encoded[at]! > 0x20 && encoded[at] !== PADDING) strays++;
  return { bytes: out.subarray(0, to), stray: strays > 0 };
}
