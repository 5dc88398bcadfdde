/**
 * Octets with room around them: a large entity that gets a header in front or another part behind grows where it stands,
 * and is not copied.
 *
 * @module
 */

import { memoryFor } from '../net/memory.ts';

/** What is in use of each memory that was made with room. Beyond it nobody looks. */
const inUse = new WeakMap<ArrayBufferLike, { from: number; to: number }>();

/** Below it copying costs nothing. */
const LARGE = 1 << 18;
/** For the header of a message, for signatures with their certificates. */
const ROOM = 1 << 15;

/** So many octets, to be written; with room around them when they are many. */
export function roomFor(octets: number): Buffer {
  if (octets < LARGE) return Buffer.allocUnsafe(octets);
  const whole = memoryFor(octets + 2 * ROOM);
  inUse.set(whole.buffer, { from: ROOM, to: ROOM + octets });
  return whole.subarray(ROOM, ROOM + octets);
}

/**
 * `head`, the octets and `tail`, one after the other: in the place of the octets where there is room, else as a copy. What
 * was a view on the octets before stays as it was.
 */
export function withAround(head: Uint8Array, octets: Uint8Array, tail: Uint8Array): Uint8Array {
  const used = inUse.get(octets.buffer);
  const from = octets.byteOffset - head.length;
  const to = octets.byteOffset + octets.length + tail.length;
  // somebody else's words may stand beside it already
  const isFree = used?.from === octets.byteOffset && used.to === octets.byteOffset + octets.length;
  if (!isFree || from < 0 || to > octets.buffer.byteLength) {
    const copy = roomFor(head.length + octets.length + tail.length);
    copy.set(head);
    copy.set(octets, head.length);
    copy.set(tail, head.length + octets.length);
    return copy;
  }
  const grown = Buffer.from(octets.buffer, from, to - from);
  grown.set(head);
  grown.set(tail, head.length + octets.length);
  used.from = from;
  used.to = to;
  return grown;
}
