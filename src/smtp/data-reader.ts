/**
 * Reads the content of DATA: ends at CRLF.CRLF and at nothing else, whatever the segments are (RFC 5321 §4.1.1.4).
 *
 * A sender and a receiver that disagree about the end let a second message travel inside the first. So a CR or LF
 * that stands alone never begins or ends a line here; it only marks the message as not acceptable.
 *
 * @module
 */

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
  /** The content, dots unstuffed, with its last CRLF. Empty when it was over the limit or not acceptable. */
  content(): Uint8Array;
}

/** `maxOctets`: content beyond it is counted and thrown away. */
export function createDataReader(maxOctets: number): DataReader {
  let state = LINE_START;
  let bareLineEnd = false;
  let size = 0;
  let kept: Uint8Array[] = [];
  const keep = (bytes: Uint8Array, from: number, to: number): void => {
    if (to <= from) return;
    size += to - from;
    if (bareLineEnd || size > maxOctets) kept = [];
    else kept.push(bytes.subarray(from, to));
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
    content: () => (bareLineEnd || size > maxOctets ? new Uint8Array(0) : Buffer.concat(kept)),
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
