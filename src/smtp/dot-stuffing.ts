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
  let dots = 0;
  for (let start = 0; start < message.length; ) {
    if (message[start] === DOT) dots++;
    const cr = message.indexOf(CR, start);
    const lf = message.indexOf(LF, start);
    if (cr < 0 && lf < 0) break;
    if (cr < 0 || lf !== cr + 1) {
      throw new SmtpError('syntax', `a line end that is not CRLF at octet ${first(cr, lf)}`);
    }
    start = lf + 1;
  }
  const ended = message.length === 0 || message[message.length - 1] === LF;
  const out = Buffer.allocUnsafe(message.length + dots + (ended ? 3 : 5));
  const text = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  let [from, to] = [0, 0];
  const copy = (end: number): void => {
    out.set(message.subarray(from, end), to);
    to += end - from;
    from = end;
  };
  for (let dot = message[0] === DOT ? 0 : nextDot(text, 0); dot >= 0; dot = nextDot(text, dot)) {
    copy(dot);
    out[to++] = DOT;
  }
  copy(message.length);
  out.write(ended ? '.\r\n' : '\r\n.\r\n', to, 'latin1');
  return out;
}

/** The next dot that begins a line, after this place; -1 for none. */
const nextDot = (text: Buffer, from: number): number => {
  const end = text.indexOf('\n.', from, 'latin1');
  return end < 0 ? -1 : end + 1;
};

/** The one of two places that stands first; -1 is none. */
const first = (a: number, b: number): number => (a < 0 ? b : b < 0 ? a : Math.min(a, b));
