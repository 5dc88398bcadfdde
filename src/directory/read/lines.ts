/**
 * Lines of a file as octets, none of them longer than a bound in memory.
 *
 * @module
 */
import type { Chunks } from './item.ts';

export interface Line {
  /** Without its end (LF or CRLF). Cut at the bound when `length` is larger. */
  readonly bytes: Buffer;
  /** From 1. */
  readonly number: number;
  /** Octets that it really has. */
  readonly length: number;
}

/** The longest line that is read whole. */
export const MAX_LINE = 64 << 10;

const LF = 10;
const CR = 13;

/** Every line. Of one that is too long the first octets are given, and the rest is skipped. */
export function* lines(chunks: Chunks): Generator<Line> {
  let number = 1;
  let rest: Buffer = Buffer.alloc(0);
  let skipped = 0;
  const line = (bytes: Buffer): Line => {
    const end = bytes.length > 0 && bytes[bytes.length - 1] === CR ? bytes.length - 1 : bytes.length;
    const length = end + skipped;
    skipped = 0;
    return { bytes: bytes.subarray(0, Math.min(end, MAX_LINE)), number: number++, length };
  };
  for (const piece of chunks) {
    const chunk = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    let from = 0;
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, from)) {
      const part = chunk.subarray(from, at);
      yield line(rest.length > 0 ? Buffer.concat([rest, part]) : part);
      rest = Buffer.alloc(0);
      from = at + 1;
    }
    if (from < chunk.length) {
      const left = Buffer.concat([rest, chunk.subarray(from)]);
      skipped += Math.max(0, left.length - MAX_LINE - 1);
      // one octet more than the bound is kept, so that a line of the bound and its CR is not taken for a longer one
      rest = left.length > MAX_LINE + 1 ? left.subarray(0, MAX_LINE + 1) : left;
    }
  }
  if (rest.length > 0) yield line(rest);
}
