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
  for (let i = 0; i < message.length; i++) {
    const octet = message[i]!;
    if (octet === LF ? message[i - 1] !== CR : octet === CR && message[i + 1] !== LF) {
      throw new SmtpError('syntax', `a line end that is not CRLF at octet ${i}`);
    }
    if (octet === DOT && startsLine(message, i)) dots++;
  }
  const ended = message.length === 0 || message[message.length - 1] === LF;
  const out = Buffer.allocUnsafe(message.length + dots + (ended ? 3 : 5));
  let at = 0;
  if (dots === 0) {
    out.set(message);
    at = message.length;
  } else {
    for (let i = 0; i < message.length; i++) {
      if (message[i] === DOT && startsLine(message, i)) out[at++] = DOT;
      out[at++] = message[i]!;
    }
  }
  out.write(ended ? '.\r\n' : '\r\n.\r\n', at, 'latin1');
  return out;
}

const startsLine = (message: Uint8Array, at: number): boolean => at === 0 || message[at - 1] === LF;
