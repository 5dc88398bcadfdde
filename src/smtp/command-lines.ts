/**
 * Splits a stream into command lines, where only CRLF ends a line (RFC 5321 §2.3.8).
 *
 * @module
 */

const CR = 13;
const LF = 10;

export type CommandLine =
  | { readonly kind: 'line'; readonly bytes: Uint8Array }
  /** A CR or LF that stands alone: what follows cannot be trusted to be where it seems, so the session ends. */
  | { readonly kind: 'bare-line-end' }
  /** More than the limit without an end: the session ends. */
  | { readonly kind: 'too-long' };

/**
 * The first line of `input` and what follows it, or undefined while the line has no end yet. The CRLF is not part
 * of the line. A CR as the last octet waits for what comes next.
 */
export function takeLine(
  input: Uint8Array,
  maxOctets: number,
): { line: CommandLine; rest: Uint8Array } | undefined {
  const end = input.indexOf(LF);
  const cr = input.indexOf(CR);
  const stop = end < 0 ? input.length : end;
  if (cr >= 0 && cr < stop - 1) return { line: { kind: 'bare-line-end' }, rest: NOTHING };
  if (end < 0) {
    return input.length > maxOctets ? { line: { kind: 'too-long' }, rest: NOTHING } : undefined;
  }
  if (cr < 0 || cr !== end - 1) return { line: { kind: 'bare-line-end' }, rest: NOTHING };
  if (end + 1 > maxOctets) return { line: { kind: 'too-long' }, rest: NOTHING };
  return { line: { kind: 'line', bytes: input.subarray(0, end - 1) }, rest: input.subarray(end + 1) };
}

const NOTHING = new Uint8Array(0);
