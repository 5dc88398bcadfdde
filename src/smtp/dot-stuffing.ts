/**
 * How a message travels inside DATA (RFC 5321 §4.5.2).
 *
 * @module
 */
import { SmtpError } from './error.ts';

const CR = 13;
const LF = 10;
const DOT = 46;

/**
 * Doubles each dot that begins a line and adds the end marker. A message without a last CRLF gets one.
 *
 * @throws {SmtpError} `syntax` for a CR or LF that stands alone: line ends are made canonical before signing, never
 * on the way.
 */
export function dotStuffed(message: Uint8Array): Uint8Array {
  checkLineEnds(message);
  return Buffer.concat([...stuffedPieces(message)]);
}

/** @throws {SmtpError} `syntax` as `dotStuffed` */
export function checkLineEnds(message: Uint8Array): void {
  for (let start = 0; start < message.length; ) {
    const cr = message.indexOf(CR, start);
    const lf = message.indexOf(LF, start);
    if (cr < 0 && lf < 0) break;
    if (cr < 0 || lf !== cr + 1) {
      throw new SmtpError('syntax', `a line end that is not CRLF at octet ${first(cr, lf)}`);
    }
    start = lf + 1;
  }
}

/** Octets of a message that are looked at in one go. */
const STRIDE = 1 << 17;

/**
 * The same in pieces, most of them windows on the message: a large one need not stand in memory twice while a slow peer
 * reads it. The line ends must have been checked.
 */
export function* stuffedPieces(message: Uint8Array): Generator<Uint8Array> {
  const text = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  for (let from = 0; from < text.length; from += STRIDE) {
    const to = Math.min(text.length, from + STRIDE);
    const dots = lineDots(text, from, to);
    yield dots.length === 0 ? text.subarray(from, to) : doubled(text, from, to, dots);
  }
  const ended = message.length === 0 || message[message.length - 1] === LF;
  yield Buffer.from(ended ? '.\r\n' : '\r\n.\r\n', 'latin1');
}

/** The dots between these places that begin a line. */
function lineDots(text: Buffer, from: number, to: number): number[] {
  const dots: number[] = [];
  if (text[from] === DOT && (from === 0 || text[from - 1] === LF)) dots.push(from);
  // a line end that is the last octet belongs to the dot of the next piece
  const here = text.subarray(from, to);
  for (let end = here.indexOf('\n.', 0, 'latin1'); end >= 0; end = here.indexOf('\n.', end + 1, 'latin1')) {
    dots.push(from + end + 1);
  }
  return dots;
}

function doubled(text: Buffer, from: number, to: number, dots: readonly number[]): Buffer {
  const out = Buffer.allocUnsafe(to - from + dots.length);
  let at = 0;
  let copied = from;
  for (const dot of dots) {
    at += text.copy(out, at, copied, dot);
    out[at++] = DOT;
    copied = dot;
  }
  text.copy(out, at, copied, to);
  return out;
}

/** The one of two places that stands first; -1 is none. */
const first = (a: number, b: number): number => (a < 0 ? b : b < 0 ? a : Math.min(a, b));
