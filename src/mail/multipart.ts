/**
 * Cutting a multipart body at its boundary (RFC 2046 §5.1.1), as windows on the raw octets.
 *
 * @module
 */
import { MailError } from './error.ts';
import { ascii, CR, LF, view } from './octets.ts';

export const MAX_PARTS = 1000;
const MAX_BOUNDARY = 200;

export interface Parts {
  /** Each part with its fields; the line end before the next boundary belongs to the boundary. */
  readonly parts: Uint8Array[];
  /** Whether the final boundary was there. */
  readonly closed: boolean;
}

/**
 * @throws {MailError} `mime` when the boundary is unusable or occurs nowhere, `limit` over 1000 parts
 */
export function splitParts(body: Uint8Array, boundary: string): Parts {
  const trimmed = boundary.trimEnd();
  if (trimmed === '' || trimmed.length > MAX_BOUNDARY) {
    throw new MailError('mime', trimmed === '' ? 'multipart without a boundary' : 'boundary too long');
  }
  const buffer = view(body);
  const needle = /[^\x00-\xff]/.test(trimmed) ? Buffer.from(`--${trimmed}`, 'utf8') : ascii(`--${trimmed}`);
  const parts: Uint8Array[] = [];
  let partStart = -1;
  for (let at = buffer.indexOf(needle); at >= 0; at = buffer.indexOf(needle, at + needle.length)) {
    if (at > 0 && buffer[at - 1] !== LF) continue;
    const line = delimiterLine(buffer, at + needle.length);
    if (!line) continue;
    if (partStart >= 0) {
      if (parts.length === MAX_PARTS) throw new MailError('limit', `over ${MAX_PARTS} parts`, MAX_PARTS);
      parts.push(body.subarray(partStart, Math.max(partStart, beforeLineEnd(buffer, at))));
    }
    if (line.closing) {
      if (partStart < 0) break;
      return { parts, closed: true };
    }
    partStart = line.next;
  }
  if (partStart < 0) throw new MailError('mime', 'the boundary of the multipart occurs nowhere');
  if (parts.length === MAX_PARTS) throw new MailError('limit', `over ${MAX_PARTS} parts`, MAX_PARTS);
  parts.push(body.subarray(partStart));
  return { parts, closed: false };
}

/** Reads what follows the boundary on its line: `--` when closing, blanks, the line end. */
function delimiterLine(buffer: Buffer, from: number): { closing: boolean; next: number } | undefined {
  let at = from;
  const closing = buffer[at] === 0x2d && buffer[at + 1] === 0x2d;
  if (closing) at += 2;
  while (buffer[at] === 0x20 || buffer[at] === 0x09) at++;
  if (buffer[at] === CR && buffer[at + 1] === LF) return { closing, next: at + 2 };
  if (buffer[at] === LF) return { closing, next: at + 1 };
  return at === buffer.length ? { closing, next: at } : undefined;
}

function beforeLineEnd(buffer: Buffer, at: number): number {
  if (at === 0) return 0;
  return buffer[at - 2] === CR ? at - 2 : at - 1;
}
