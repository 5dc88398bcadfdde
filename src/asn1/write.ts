/**
 * A DER writer (X.690 §10). Every function gives the complete octets of one value.
 *
 * @module
 */
import { TAG } from './read.ts';

export type Der = Uint8Array;

/** Identifier, length and the parts one after another. */
export function encode(identifier: number, ...parts: readonly Uint8Array[]): Der {
  let length = 0;
  for (const part of parts) length += part.length;
  const head = header(identifier, length);
  const out = new Uint8Array(head.length + length);
  out.set(head);
  let at = head.length;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Identifier and length octets alone, for content that is written elsewhere. */
export function header(identifier: number, length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(identifier, length);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.of(identifier, 0x80 | octets.length, ...octets);
}

export const sequence = (...parts: readonly Uint8Array[]): Der => encode(0x30, ...parts);

/** SET OF: sorted as DER wants (X.690 §11.6). */
export const setOf = (...parts: readonly Uint8Array[]): Der =>
  encode(0x31, ...parts.toSorted(Buffer.compare));

/** `[number]` around complete values (EXPLICIT), or the content of a constructed IMPLICIT value. */
export const explicit = (number: number, ...parts: readonly Uint8Array[]): Der =>
  encode(0xa0 | number, ...parts);

/** `[number] IMPLICIT` of a primitive type: `bytes` are its content octets. */
export const implicit = (number: number, bytes: Uint8Array): Der => encode(0x80 | number, bytes);

export const octetString = (bytes: Uint8Array): Der => encode(TAG.octetString, bytes);

export const bitString = (bytes: Uint8Array, unused = 0): Der =>
  encode(TAG.bitString, Uint8Array.of(unused), bytes);

/** BIT STRING of named bits without trailing zeros (X.690 §11.2.2); bit 0 is the first. */
export function namedBits(bits: readonly number[]): Der {
  const highest = Math.max(-1, ...bits);
  const octets = new Uint8Array((highest >> 3) + 1);
  for (const bit of bits) octets[bit >> 3] = octets[bit >> 3]! | (0x80 >> (bit & 7));
  return bitString(octets, highest < 0 ? 0 : 7 - (highest & 7));
}

export const nullValue = (): Der => Uint8Array.of(5, 0);

export const boolean = (value: boolean): Der => Uint8Array.of(1, 1, value ? 0xff : 0);

export function integer(value: bigint | number): Der {
  let rest = BigInt(value);
  const octets: number[] = [];
  do {
    octets.unshift(Number(rest & 0xffn));
    rest >>= 8n;
  } while (!((rest === 0n && octets[0]! < 0x80) || (rest === -1n && octets[0]! >= 0x80)));
  return encode(TAG.integer, Uint8Array.from(octets));
}

/** INTEGER from unsigned big-endian octets, for example a modulus or a serial number. */
export function unsignedInteger(magnitude: Uint8Array): Der {
  let from = 0;
  while (from < magnitude.length - 1 && magnitude[from] === 0) from++;
  const bytes = magnitude.subarray(from);
  return bytes.length === 0 || bytes[0]! & 0x80
    ? encode(TAG.integer, Uint8Array.of(0), bytes)
    : encode(TAG.integer, bytes);
}

const oids = new Map<string, Der>();

/** @throws {RangeError} when the text is not dotted decimal; a programmer's error, so untyped */
export function oid(dotted: string): Der {
  const known = oids.get(dotted);
  if (known) return known;
  if (!/^[0-2](\.\d+)+$/.test(dotted)) throw new RangeError(`not an object identifier: ${dotted}`);
  const arcs = dotted.split('.').map(BigInt);
  const octets: number[] = [];
  for (const arc of [arcs[0]! * 40n + arcs[1]!, ...arcs.slice(2)]) {
    const group = [Number(arc & 0x7fn)];
    for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) group.unshift(Number(rest & 0x7fn) | 0x80);
    octets.push(...group);
  }
  const der = encode(TAG.oid, Uint8Array.from(octets));
  if (oids.size < 1000) oids.set(dotted, der);
  return der;
}

export const utf8String = (text: string): Der => encode(TAG.utf8String, Buffer.from(text, 'utf8'));

export const printableString = (text: string): Der =>
  encode(TAG.printableString, Buffer.from(text, 'latin1'));

export const ia5String = (text: string): Der => encode(TAG.ia5String, Buffer.from(text, 'latin1'));

/** UTCTime up to 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5). `ms` counts from 1970 UTC. */
export function time(ms: number): Der {
  const digits = new Date(Math.floor(ms / 1000) * 1000).toISOString().replace(/[-:T]|\.\d+/g, '');
  const year = new Date(ms).getUTCFullYear();
  return year >= 1950 && year < 2050
    ? encode(TAG.utcTime, Buffer.from(digits.slice(2), 'latin1'))
    : encode(TAG.generalizedTime, Buffer.from(digits, 'latin1'));
}

export function generalizedTime(ms: number): Der {
  const digits = new Date(Math.floor(ms / 1000) * 1000).toISOString().replace(/[-:T]|\.\d+/g, '');
  return encode(TAG.generalizedTime, Buffer.from(digits, 'latin1'));
}
