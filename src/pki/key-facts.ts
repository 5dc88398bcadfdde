/**
 * What the encoding of a public key says, without loading it.
 *
 * @module
 */
import { children, content, expect, type Node, readAsn1, TAG } from '../asn1/read.ts';
import { readBitString, readOid } from '../asn1/values.ts';

export interface KeyFacts {
  readonly kind: 'rsa' | 'ec' | 'ed25519' | 'other';
  /** RSA: length of the modulus. EC: of the field. 0 when unknown. */
  readonly bits: number;
  readonly curve?: string;
  /** RSA only. */
  readonly modulus?: Uint8Array;
  readonly exponent?: Uint8Array;
  /** EC and Edwards: the encoded point. */
  readonly point?: Uint8Array;
}

const CURVES = new Map<string, { curve: string; bits: number }>([
  ['1.2.840.10045.3.1.7', { curve: 'P-256', bits: 256 }],
  ['1.3.132.0.34', { curve: 'P-384', bits: 384 }],
  ['1.3.132.0.35', { curve: 'P-521', bits: 521 }],
  ['1.3.132.0.33', { curve: 'P-224', bits: 224 }],
  ['1.2.840.10045.3.1.1', { curve: 'P-192', bits: 192 }],
  ['1.3.132.0.10', { curve: 'secp256k1', bits: 256 }],
]);

/** What the encoding says about a key, without loading it. @throws {Asn1Error} */
export function readKeyFacts(spki: Uint8Array): KeyFacts {
  const [algorithm, key] = children(expect(readAsn1(spki), TAG.sequence, 'SubjectPublicKeyInfo'));
  const [type, parameters] = children(expect(algorithm, TAG.sequence, 'key algorithm'));
  const { bytes } = readBitString(key, 'public key');
  switch (readOid(type, 'key algorithm')) {
    case '1.2.840.113549.1.1.1':
    case '1.2.840.113549.1.1.10': {
      const [modulus, exponent] = children(expect(readAsn1(bytes), TAG.sequence, 'RSA key'));
      const n = magnitude(modulus, 'modulus');
      const bits = n.length === 0 ? 0 : n.length * 8 - (Math.clz32(n[0]!) - 24);
      return { kind: 'rsa', bits, modulus: n, exponent: magnitude(exponent, 'exponent') };
    }
    case '1.2.840.10045.2.1': {
      const named = parameters?.tag === TAG.oid ? readOid(parameters, 'curve') : undefined;
      const known = named === undefined ? undefined : CURVES.get(named);
      return { kind: 'ec', bits: known?.bits ?? 0, curve: known?.curve ?? named ?? 'explicit', point: bytes };
    }
    case '1.3.101.112':
      return { kind: 'ed25519', bits: 256, point: bytes };
    default:
      return { kind: 'other', bits: 0 };
  }
}

/** Octets of an INTEGER without leading zeros; empty for zero and below. @throws {Asn1Error} */
function magnitude(node: Node | undefined, what: string): Uint8Array {
  const octets = content(expect(node, TAG.integer, what));
  if (octets.length === 0 || octets[0]! & 0x80) return new Uint8Array(0);
  let from = 0;
  while (from < octets.length && octets[from] === 0) from++;
  return octets.subarray(from);
}
