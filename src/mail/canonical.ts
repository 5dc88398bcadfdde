/**
 * The canonical form that is signed (RFC 8551 §3.1): CRLF line ends, and nothing that a mail hop may rewrite.
 *
 * @module
 */
import { isAscii } from 'node:buffer';
import { CR, LF, view } from './octets.ts';

/** Turns each bare LF and each bare CR into CRLF. The same octets when there are none. */
export function toCrlf(bytes: Uint8Array): Uint8Array {
  const missing = countBare(bytes);
  if (missing === 0) return bytes;
  const out = Buffer.allocUnsafe(bytes.length + missing);
  let to = 0;
  for (let at = 0; at < bytes.length; at++) {
    const octet = bytes[at]!;
    if (octet === LF && bytes[at - 1] !== CR) out[to++] = CR;
    out[to++] = octet;
    if (octet === CR && bytes[at + 1] !== LF) out[to++] = LF;
  }
  return out;
}

/** Turns bare LF into CRLF and leaves bare CR alone: the one repair tried before a signature is called broken. */
export function lfToCrlf(bytes: Uint8Array): Uint8Array {
  let missing = 0;
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === LF && bytes[at - 1] !== CR) missing++;
  if (missing === 0) return bytes;
  const out = Buffer.allocUnsafe(bytes.length + missing);
  let to = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === LF && bytes[at - 1] !== CR) out[to++] = CR;
    out[to++] = bytes[at]!;
  }
  return out;
}

/** By native search: one call a line, several times faster than looking at every octet. */
function countBare(bytes: Uint8Array): number {
  const buffer = view(bytes);
  let bare = 0;
  for (let at = buffer.indexOf(LF); at >= 0; at = buffer.indexOf(LF, at + 1)) {
    if (at === 0 || buffer[at - 1] !== CR) bare++;
  }
  for (let at = buffer.indexOf(CR); at >= 0; at = buffer.indexOf(CR, at + 1)) {
    if (buffer[at + 1] !== LF) bare++;
  }
  return bare;
}

/** Whether every octet is below 128. */
export const isSevenBit = (bytes: Uint8Array): boolean => isAscii(bytes);

export interface TextShape {
  readonly eightBit: boolean;
  readonly nul: boolean;
  /** Columns of the longest line. */
  readonly longest: number;
  /** Blanks before a line end, or a line beginning with `From `. */
  readonly fragile: boolean;
}

/** What decides the transfer encoding of a text (RFC 2045 §6). */
export function textShape(bytes: Uint8Array): TextShape {
  let eightBit = false;
  let nul = false;
  let longest = 0;
  let fragile = false;
  let lineStart = 0;
  for (let at = 0; at <= bytes.length; at++) {
    const octet = bytes[at];
    if (octet !== undefined && octet !== LF) {
      if (octet >= 0x80) eightBit = true;
      else if (octet === 0) nul = true;
      continue;
    }
    const end = bytes[at - 1] === CR ? at - 1 : at;
    if (end - lineStart > longest) longest = end - lineStart;
    const last = end > lineStart ? bytes[end - 1] : undefined;
    if (last === 0x20 || last === 0x09 || startsWithFrom(bytes, lineStart)) fragile = true;
    lineStart = at + 1;
  }
  return { eightBit, nul, longest, fragile };
}

const startsWithFrom = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 0x46 && bytes[at + 1] === 0x72 && bytes[at + 2] === 0x6f && bytes[at + 3] === 0x6d;
