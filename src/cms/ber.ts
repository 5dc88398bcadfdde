/**
 * Writing DER, the indefinite form that Java peers write (wire-facts §6.3), or strings in pieces of definite length.
 *
 * @module
 */
import { header, octetString } from '../asn1/write.ts';
import { memoryFor } from '../net/memory.ts';

/** Octets that are made where they belong, once, so that they never stand in memory a second time. */
export interface Written {
  readonly length: number;
  writeTo(target: Uint8Array, at: number): void;
}

/** Octets in pieces: a large content is written around, not copied at every layer. */
export type Pieces = readonly Piece[];
type Piece = Uint8Array | Written;

/** The pieces as one. What they make in writing is made in their order. */
export function whole(pieces: Pieces): Written {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return {
    length,
    writeTo(target, at) {
      let to = at;
      for (const piece of pieces) {
        if (piece instanceof Uint8Array) target.set(piece, to);
        else piece.writeTo(target, to);
        to += piece.length;
      }
    },
  };
}

/** The octets themselves. */
export function made(written: Written): Buffer {
  const out = memoryFor(written.length);
  written.writeTo(out, 0);
  return out;
}

/** How constructed values and long strings are written. */
export interface Form {
  /** A constructed value. */
  constructed(identifier: number, ...parts: readonly (Piece | Pieces)[]): Pieces;
  /** An OCTET STRING whose content is the pieces one after another. */
  octets(content: Pieces): Pieces;
  /** `[0] IMPLICIT OCTET STRING`. */
  implicitOctets(content: Pieces): Pieces;
}

const flat = (parts: readonly (Piece | Pieces)[]): Pieces =>
  parts.flatMap((part) => (part instanceof Uint8Array || 'writeTo' in part ? [part] : part));

const withHead = (identifier: number, pieces: Pieces): Pieces => {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return [header(identifier, length), ...pieces];
};

export const DER: Form = {
  constructed: (identifier, ...parts) => withHead(identifier, flat(parts)),
  octets: (content) => withHead(0x04, content),
  implicitOctets: (content) => withHead(0x80, content),
};

/** Octets of one segment of a constructed string, as BouncyCastle cuts them. */
const SEGMENT = 1000;
const END = Uint8Array.of(0, 0);

export const BER: Form = {
  constructed: (identifier, ...parts) => [Uint8Array.of(identifier | 0x20, 0x80), ...flat(parts), END],
  octets: (content) => BER.constructed(0x24, segments(content)),
  implicitOctets: (content) => BER.constructed(0xa0, segments(content)),
};

/** Definite lengths, and long strings cut all the same. */
const CONSTRUCTED: Form = {
  ...DER,
  octets: (content) => DER.constructed(0x24, segments(content)),
  implicitOctets: (content) => DER.constructed(0xa0, segments(content)),
};

/** How a peer writes; DER unless it is said. */
export type Ber = boolean | 'constructed-strings';

export function formOf(ber: Ber | undefined): Form {
  if (ber === 'constructed-strings') return CONSTRUCTED;
  return ber ? BER : DER;
}

/** All segments in one piece. */
function segments(content: Pieces): Uint8Array {
  const bytes = made(whole(content));
  const head = header(0x04, SEGMENT);
  const count = Math.floor(bytes.length / SEGMENT);
  const rest = bytes.length % SEGMENT;
  const last = rest > 0 ? octetString(bytes.subarray(count * SEGMENT)) : new Uint8Array();
  const out = Buffer.allocUnsafe(count * (head.length + SEGMENT) + last.length);
  let to = 0;
  for (let at = 0; at < count * SEGMENT; at += SEGMENT) {
    out.set(head, to);
    bytes.copy(out, to + head.length, at, at + SEGMENT);
    to += head.length + SEGMENT;
  }
  out.set(last, to);
  return out;
}
