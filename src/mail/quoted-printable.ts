/**
 * Quoted-printable content transfer encoding (RFC 2045 §6.7).
 *
 * @module
 */
import { CR, LF } from './octets.ts';

const HEX = Buffer.from('0123456789ABCDEF');
const EQUALS = 0x3d;

const digit = (octet: number | undefined): number => {
  if (octet === undefined) return -1;
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const letter = octet | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
};

const isBlank = (octet: number | undefined): boolean => octet === 0x20 || octet === 0x09;

/**
 * Decodes; line ends stay as they are. Blanks at the end of a line are transport padding and go; an `=` that begins
 * no valid group stays as it is.
 *
 * @returns `stray`: whether there was such an `=`
 */
export function decodeQuotedPrintable(encoded: Uint8Array): { bytes: Uint8Array; stray: boolean } {
  const out = Buffer.allocUnsafe(encoded.length);
  let to = 0;
  let stray = false;
  /** Blanks written at the end of `out`: dropped when a line end follows. */
  let blanks = 0;
  for (let at = 0; at < encoded.length; at++) {
    const octet = encoded[at]!;
    if (octet === EQUALS) {
      blanks = 0;
      const high = digit(encoded[at + 1]);
      const low = digit(encoded[at + 2]);
      if (high >= 0 && low >= 0) {
        out[to++] = (high << 4) | low;
        at += 2;
        continue;
      }
      const next = softBreak(encoded, at + 1);
      if (next > 0) {
        at = next - 1;
        continue;
      }
      stray = true;
      out[to++] = octet;
      continue;
    }
    if (octet === LF || (octet === CR && encoded[at + 1] === LF)) {
      to -= blanks;
      blanks = 0;
      if (octet === CR) {
        out[to++] = CR;
        at++;
      }
      out[to++] = LF;
      continue;
    }
    blanks = isBlank(octet) ? blanks + 1 : 0;
    out[to++] = octet;
  }
  return { bytes: out.subarray(0, to - blanks), stray };
}

/** After the line end of a soft break whose `=` stands before `at`, or 0 when it is none. */
function softBreak(encoded: Uint8Array, from: number): number {
  let at = from;
  while (isBlank(encoded[at])) at++;
  if (encoded[at] === CR && encoded[at + 1] === LF) return at + 2;
  if (encoded[at] === LF) return at + 1;
  return at === encoded.length ? at : 0;
}

/**
 * Encodes text whose line ends are CRLF, in lines of at most 76 columns. Blanks at line ends, and `From ` and a lone
 * dot at line starts, are encoded too, so that no mail hop has a reason to touch them.
 */
export function encodeQuotedPrintable(text: Uint8Array): Uint8Array {
  const out = Buffer.allocUnsafe(text.length * 3 + Math.ceil(text.length / 20) * 3 + 16);
  let to = 0;
  let column = 0;
  for (let at = 0; at < text.length; at++) {
    const octet = text[at]!;
    if (octet === CR && text[at + 1] === LF) {
      out[to++] = CR;
      out[to++] = LF;
      column = 0;
      at++;
      continue;
    }
    const plain = isPlain(octet, column, text, at);
    const width = plain ? 1 : 3;
    if (column + width > 75) {
      out[to++] = EQUALS;
      out[to++] = CR;
      out[to++] = LF;
      column = 0;
    }
    if (plain && (column > 0 || isPlain(octet, 0, text, at))) {
      out[to++] = octet;
      column++;
    } else {
      out[to++] = EQUALS;
      out[to++] = HEX[octet >> 4]!;
      out[to++] = HEX[octet & 15]!;
      column += 3;
    }
  }
  return out.subarray(0, to);
}

function isPlain(octet: number, column: number, text: Uint8Array, at: number): boolean {
  if (isBlank(octet)) {
    const next = text[at + 1];
    return next !== undefined && next !== LF && next !== CR;
  }
  if (column === 0 && (octet === 0x2e || octet === 0x46 || octet === 0x2d)) return octet === 0x2d;
  return octet > 0x20 && octet < 0x7f && octet !== EQUALS;
}
