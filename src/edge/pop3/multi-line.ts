/**
 * A message as RETR and TOP send it (RFC 1939 §3, §5, §7): lines of CRLF, dots doubled, a dot at the end.
 *
 * @module
 */
import { toCrlf } from '../../mail/canonical.ts';

const LF = 10;
const CR = 13;
const DOT = 46;

/** Octets of the whole message on the wire. */
export function stuffed(message: Uint8Array): Uint8Array {
  const bytes = Buffer.from(toCrlf(message));
  const pieces: Uint8Array[] = [];
  let from = 0;
  if (bytes[0] === DOT) pieces.push(DOUBLED);
  for (let at = bytes.indexOf('\n.'); at >= 0; at = bytes.indexOf('\n.', at + 2)) {
    pieces.push(bytes.subarray(from, at + 1), DOUBLED);
    from = at + 1;
  }
  pieces.push(bytes.subarray(from));
  const ended = bytes.length === 0 || bytes[bytes.length - 1] === LF;
  pieces.push(Buffer.from(ended ? '.\r\n' : '\r\n.\r\n'));
  return Buffer.concat(pieces);
}

const DOUBLED = Buffer.from('.');

/** The header, the empty line and so many lines of the body. */
export function topOf(message: Uint8Array, lines: number): Uint8Array {
  const bytes = Buffer.from(toCrlf(message));
  let at = bytes[0] === CR && bytes[1] === LF ? 2 : bytes.indexOf('\r\n\r\n') + 4;
  // a message of a header alone
  if (at === 3) return bytes;
  for (let left = lines; left > 0 && at < bytes.length; left--) {
    const end = bytes.indexOf(LF, at);
    at = end < 0 ? bytes.length : end + 1;
  }
  return bytes.subarray(0, at);
}
