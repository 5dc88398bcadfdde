/**
 * Memory for large octets.
 *
 * @module
 */

/** From here on octets get pages of their own. */
const LARGE = 1 << 18;

/**
 * So many octets, to be written before they are read.
 *
 * Many of them get pages of their own: these are taken from the machine as they are written to, and given back whole
 * when nobody holds them any more. What the allocator of the C library frees it keeps for a while, and among small
 * things for ever; a process that handles large messages would grow to several times of what it holds.
 */
export function memoryFor(octets: number): Buffer {
  if (octets < LARGE) return Buffer.allocUnsafe(octets);
  // an ArrayBuffer that may be resized is mapped by itself
  const pages = new ArrayBuffer(octets, { maxByteLength: octets });
  own.add(pages);
  return Buffer.from(pages, 0, octets);
}

/** As `Buffer.concat`, in such memory. */
export function joined(pieces: readonly Uint8Array[]): Buffer {
  const out = memoryFor(pieces.reduce((octets, piece) => octets + piece.length, 0));
  let to = 0;
  for (const piece of pieces) {
    out.set(piece, to);
    to += piece.length;
  }
  return out;
}

const own = new WeakSet<ArrayBufferLike>();

/**
 * Gives back the pages of octets that whoever made them is done with, without waiting for the collector, which sees
 * little reason to hurry. Whoever looks at them afterwards finds nothing: so they must not have been given to anybody
 * who may keep them (evidence does), nor be under way to a socket.
 *
 * @param still what is kept: when it stands in the same pages nothing happens
 */
export function giveBack(octets: Uint8Array, still: readonly (Uint8Array | undefined)[]): void {
  const { buffer } = octets;
  if (!own.has(buffer) || still.some((other) => other?.buffer === buffer)) return;
  if (buffer instanceof ArrayBuffer) buffer.resize(0);
}
