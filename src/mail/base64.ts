/**
 * Base64 content transfer encoding (RFC 2045 §6.8).
 *
 * @module
 */
import { MailError } from './error.ts';
import { CR, LF, view } from './octets.ts';

/** Encoded columns of a line. */
const COLUMNS = 76;

/** Octets of the encoded form in lines of 76 with CRLF after each. */
export const base64Length = (octets: number): number => {
  const characters = 4 * Math.ceil(octets / 3);
  return characters + 2 * Math.ceil(characters / COLUMNS);
};

/** Octets that are encoded in one go, in whole lines: the text of a large content never stands in memory at once. */
const STRIDE = 1024 * 57;

/**
 * Writes `bytes` into `target` at `at`, in lines of 76 characters, each ended by CRLF. They may stand in `target` itself,
 * at the end of the room that their encoded form takes.
 *
 * @returns the position after what was written
 */
export function writeBase64(bytes: Uint8Array, target: Buffer, at: number): number {
  let to = at;
  for (let from = 0; from < bytes.length; from += STRIDE) {
    to = writeLines(bytes.subarray(from, from + STRIDE), target, to);
  }
  return to;
}

function writeLines(bytes: Uint8Array, target: Buffer, at: number): number {
  const end = at + base64Length(bytes.length);
  const text = view(bytes).toString('base64');
  // The whole text at the end of its room, then each line forward to its place: native copies, and no other buffer.
  let from = end - text.length;
  target.write(text, from, 'latin1');
  let to = at;
  while (from < end) {
    const length = Math.min(COLUMNS, end - from);
    target.copyWithin(to, from, from + length);
    from += length;
    to += length;
    target[to] = CR;
    target[to + 1] = LF;
    to += 2;
  }
  return end;
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
  const regular = decodeRegular(view(encoded));
  return regular ? { bytes: regular, stray: false } : decodeCarefully(encoded);
}

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
  if (characters <= 0 || characters % 4 === 1) return undefined;
  const octets = Math.floor((characters * 3) / 4);
  // room to see that there are more
  const bytes = Buffer.allocUnsafe(octets + 3);
  // so many whole lines at once that each stride begins a group of four
  const stride = width * 4 * Math.ceil(STRIDE / width);
  let [from, to] = [0, 0];
  for (; from + stride < end; from += stride) {
    const whole = (stride - (stride / width) * eol) * 0.75;
    if (!hasLines(encoded, from, from + stride, width, eol)) return undefined;
    if (bytes.write(encoded.toString('latin1', from, from + stride), to, 'base64') !== whole)
      return undefined;
    to += whole;
  }
  to += bytes.write(encoded.toString('latin1', from, end), to, 'base64');
  return to === octets ? bytes.subarray(0, octets) : undefined;
}

/** Whether lines of this width, with their ends, fill the place; then no group runs over its border. */
function hasLines(encoded: Buffer, from: number, to: number, width: number, eol: number): boolean {
  for (let at = from + width - 1; at < to; at += width) {
    if (encoded[at] !== LF || (eol === 2 && encoded[at - 1] !== CR)) return false;
  }
  return true;
}

function decodeCarefully(encoded: Uint8Array): { bytes: Uint8Array; stray: boolean } {
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
