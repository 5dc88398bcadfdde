/**
 * A table of the serial numbers of a revocation list: chains of entry numbers by a hash of the octets. It makes no
 * string and no object for an entry, so that 100,000 of them cost some milliseconds.
 *
 * @module
 */
import { integer } from '../asn1/write.ts';

export interface SerialIndex {
  /** Hash → last entry of that hash, or -1. */
  readonly heads: Int32Array;
  /** Entry → the one before it of the same hash, or -1. */
  readonly next: Int32Array;
}

/** @param starts offsets of the entries, whose frames were checked */
export function indexSerials(source: Uint8Array, starts: Uint32Array): SerialIndex {
  const size = 1 << Math.max(4, 33 - Math.clz32(starts.length));
  const heads = new Int32Array(size).fill(-1);
  const next = new Int32Array(starts.length);
  for (let entry = 0; entry < starts.length; entry++) {
    const serial = contentStart(source, starts[entry]!);
    const from = contentStart(source, serial);
    const slot = hash(source, from, from + lengthAt(source, serial)) & (size - 1);
    next[entry] = heads[slot]!;
    heads[slot] = entry;
  }
  return { heads, next };
}

/** The entries that may have a serial number (`Certificate.serial`), last first. */
export function* candidates({ heads, next }: SerialIndex, serial: string): Generator<number> {
  const negative = serial.startsWith('-');
  const digits = negative ? serial.slice(1) : serial;
  if (!/^[0-9a-f]+$/.test(digits)) return;
  const der = integer(negative ? -BigInt(`0x${digits}`) : BigInt(`0x${digits}`));
  const from = contentStart(der, 0);
  for (
    let entry = heads[hash(der, from, der.length) & (heads.length - 1)]!;
    entry >= 0;
    entry = next[entry]!
  ) {
    yield entry;
  }
}

/** FNV-1a over the octets, without those that only lengthen a number. */
function hash(octets: Uint8Array, from: number, to: number): number {
  const filler = octets[from]! & 0x80 ? 0xff : 0;
  let at = from;
  while (at < to && octets[at] === filler) at++;
  let value = 0x811c9dc5;
  for (; at < to; at++) value = Math.imul(value ^ octets[at]!, 0x01000193);
  return value ^ (value >>> 15);
}

/** Where the content of the value at an offset starts: behind one identifier octet and the length. */
function contentStart(source: Uint8Array, at: number): number {
  const length = source[at + 1]!;
  return at + 2 + (length > 0x80 ? length & 0x7f : 0);
}

function lengthAt(source: Uint8Array, at: number): number {
  const first = source[at + 1]!;
  if (first < 0x80) return first;
  let length = 0;
  for (let i = 0; i < (first & 0x7f); i++) length = length * 256 + source[at + 2 + i]!;
  return length;
}
