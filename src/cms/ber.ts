/**
 * Writing either DER or the indefinite form that Java peers write (wire-facts §6.3).
 *
 * @module
 */
import { type Der, encode, header, octetString } from '../asn1/write.ts';

/** How constructed values and long strings are written. */
export interface Form {
  /** A constructed value. */
  constructed(identifier: number, ...parts: readonly Uint8Array[]): Uint8Array;
  /** An OCTET STRING whose content is the parts one after another. */
  octets(...parts: readonly Uint8Array[]): Uint8Array;
  /** `[0] IMPLICIT OCTET STRING`. */
  implicitOctets(...parts: readonly Uint8Array[]): Uint8Array;
}

export const DER: Form = {
  constructed: encode,
  octets: (...parts) => concat(0x04, parts),
  implicitOctets: (...parts) => concat(0x80, parts),
};

/** Octets of one segment of a constructed string, as BouncyCastle cuts them. */
const SEGMENT = 1000;
const END = Uint8Array.of(0, 0);

export const BER: Form = {
  constructed: (identifier, ...parts) =>
    Buffer.concat([Uint8Array.of(identifier | 0x20, 0x80), ...parts, END]),
  octets: (...parts) => BER.constructed(0x24, ...segments(Buffer.concat(parts))),
  implicitOctets: (...parts) => BER.constructed(0xa0, ...segments(Buffer.concat(parts))),
};

function concat(identifier: number, parts: readonly Uint8Array[]): Der {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([header(identifier, length), ...parts]);
}

function segments(bytes: Uint8Array): Uint8Array[] {
  const out: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += SEGMENT) out.push(octetString(bytes.subarray(at, at + SEGMENT)));
  return out;
}
