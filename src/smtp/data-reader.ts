/**
 * Reads the content of DATA: ends at CRLF.CRLF and at nothing else, whatever the segments are (RFC 5321 §4.1.1.4).
 *
 * A sender and a receiver that disagree about the end let a second message travel inside the first. So a CR or LF
 * that stands alone never begins or ends a line here; it only marks the message as not acceptable.
 *
 * @module
 */

import { memoryFor } from '../net/memory.ts';

const CR = 13;
const LF = 10;
const DOT = 46;

const LINE_START = 0;
const IN_LINE = 1;
const AFTER_CR = 2;
const AFTER_DOT = 3;
const AFTER_DOT_CR = 4;

export interface DataReader {
  /**
   * Takes the next octets. Returns undefined while the content goes on, and once the end was seen the octets after
   * it (they belong to the next command).
   */
  push(bytes: Uint8Array): Uint8Array | undefined;
  /** A CR or LF stood alone. */
  readonly bareLineEnd: boolean;
  /** Octets of content so far, without the dots that were stuffed; counts on past the limit. */
  readonly size: number;
  /** From here on the content is counted and thrown away. */
  discard?(): void;
  /** The content, dots unstuffed, with its last CRLF. Empty when it was over the limit or not acceptable. */
  content(): Uint8Array;
}

/** From so many octets on what comes is put in one place at once, and not joined at the end. */
const LARGE = 1 << 18;

/**
 * @param maxOctets content beyond it is counted and thrown away
 * @param announced what the sender said that its size is; it may lie
 */
export function createDataReader(maxOctets: number, announced = 0): DataReader {
  let state = LINE_START;
  let bareLineEnd = false;
  let size = 0;
  let limit = maxOctets;
  let kept: Uint8Array[] = [];
  /** Where the content stands once it is large, and then nowhere else. */
  let place: Buffer | undefined;
  const keep = (bytes: Uint8Array, from: number, to: number): void => {
    if (to <= from) return;
    const before = size;
    size += to - from;
    if (bareLineEnd || size > limit) {
      kept = [];
      place = undefined;
    } else if (size < LARGE) kept.push(bytes.subarray(from, to));
    else put(bytes.subarray(from, to), before);
  };
  const put = (bytes: Uint8Array, at: number): void => {
    if (!place || place.length < at + bytes.length) {
      // memory that nobody writes to is not taken, so one who announces much and sends little takes little
      const wanted = Math.max(at + bytes.length, place ? 2 * place.length : announced);
      const larger = memoryFor(Math.min(maxOctets, wanted));
      let to = 0;
      for (const piece of place ? [place.subarray(0, at)] : kept) {
        larger.set(piece, to);
        to += piece.length;
      }
      kept = [];
      place = larger;
    }
    place.set(bytes, at);
  };
  const push = (bytes: Uint8Array): Uint8Array | undefined => {
    // what has to be kept runs from `from` to the octet before the present one
    let from = state === AFTER_DOT || state === AFTER_DOT_CR ? -1 : 0;
    const nextCr = finder(bytes, CR);
    const nextLf = finder(bytes, LF);
    for (let i = 0; i < bytes.length; i++) {
      // inside a line nothing counts but its end
      if (state === IN_LINE) i = Math.min(nextCr(i), nextLf(i));
      if (i === bytes.length) break;
      const octet = bytes[i]!;
      switch (state) {
        case LINE_START:
        case IN_LINE:
          if (octet === CR) state = AFTER_CR;
          else if (octet === LF) {
            bareLineEnd = true;
            state = IN_LINE;
          } else if (octet === DOT && state === LINE_START) {
            keep(bytes, from, i);
            from = -1;
            state = AFTER_DOT;
          } else state = IN_LINE;
          break;
        case AFTER_CR:
          if (octet === LF) state = LINE_START;
          else {
            bareLineEnd = true;
            state = octet === CR ? AFTER_CR : IN_LINE;
          }
          break;
        case AFTER_DOT:
          if (octet === CR) state = AFTER_DOT_CR;
          else {
            if (octet === LF) bareLineEnd = true;
            from = i;
            state = IN_LINE;
          }
          break;
        default: // AFTER_DOT_CR
          if (octet === LF) return bytes.subarray(i + 1);
          bareLineEnd = true;
          from = i;
          state = octet === CR ? AFTER_CR : IN_LINE;
      }
    }
    if (from >= 0) keep(bytes, from, bytes.length);
    return undefined;
  };
  return {
    push,
    get bareLineEnd() {
      return bareLineEnd;
    },
    get size() {
      return size;
    },
    discard() {
      limit = -1;
      kept = [];
      place = undefined;
    },
    content: () => {
      if (bareLineEnd || size > limit) return new Uint8Array(0);
      return place ? place.subarray(0, size) : Buffer.concat(kept);
    },
  };
}

/** Finds an octet from a place on, or the end; each octet is looked at once, as long as the places go up. */
function finder(bytes: Uint8Array, octet: number): (from: number) => number {
  let known = -1;
  return (from) => {
    if (known < from) {
      const at = bytes.indexOf(octet, from);
      known = at < 0 ? bytes.length : at;
    }
    return known;
  };
}
