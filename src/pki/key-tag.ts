/**
 * Algorithm and key tag of a CERT record (RFC 4398 §2; RFC 4034 appendix B), from the certificate's public key.
 *
 * @module
 */
import type { Certificate } from './certificate.ts';
import type { KeyFacts } from './key-facts.ts';

const RSA_BY_DIGEST: Readonly<Record<string, number>> = { md5: 1, sha1: 5, sha256: 8, sha512: 10 };

/**
 * The DNSSEC algorithm number of the certificate's key: an RSA key goes with the digest that the certificate is signed
 * with, as others publish it; 0 for a key that DNSSEC has no number for (RSA over 4096 bits among them).
 */
export function certAlgorithm(certificate: Pick<Certificate, 'key' | 'signature'>): number {
  const { key, signature } = certificate;
  if (key.kind === 'rsa') return key.bits > 4096 ? 0 : (RSA_BY_DIGEST[signature.digest ?? ''] ?? 8);
  if (key.kind === 'ec') return { 'P-256': 13, 'P-384': 14 }[key.curve ?? ''] ?? 0;
  return key.kind === 'ed25519' ? 15 : 0;
}

/**
 * The key tag for that algorithm number, flags 0; 0 when the algorithm is 0 (RFC 4398 §2).
 *
 * @param algorithm default: `certAlgorithm(certificate)`
 */
export function keyTag(
  certificate: Pick<Certificate, 'key' | 'signature'>,
  algorithm: number = certAlgorithm(certificate),
): number {
  const key = dnsKey(certificate.key);
  return algorithm === 0 || !key ? 0 : tagOf(key, algorithm);
}

/**
 * The tag of a key in DNSKEY form.
 *
 * @param key the public key field: RFC 3110 for RSA, the bare point for elliptic curves
 * @param flags 0 for CERT records
 */
export function tagOf(key: Uint8Array, algorithm: number, flags = 0): number {
  // RSA/MD5 only: the second and third to last octets of the modulus (RFC 4034 appendix B.1)
  if (algorithm === 1) return key.length < 3 ? 0 : (key[key.length - 3]! << 8) | key[key.length - 2]!;
  const rdata = Uint8Array.of(flags >> 8, flags & 0xff, 3, algorithm, ...key);
  let sum = 0;
  for (let i = 0; i < rdata.length; i++) sum += i & 1 ? rdata[i]! : rdata[i]! << 8;
  return (sum + ((sum >> 16) & 0xffff)) & 0xffff;
}

/** The public key field of DNSKEY (RFC 3110 §2, RFC 6605 §4, RFC 8080 §3); undefined for what DNSSEC does not have. */
function dnsKey(key: KeyFacts): Uint8Array | undefined {
  if (key.kind === 'rsa' && key.modulus && key.exponent) {
    const { length } = key.exponent;
    const head = length < 256 ? [length] : [0, length >> 8, length & 0xff];
    return Buffer.concat([Uint8Array.from(head), key.exponent, key.modulus]);
  }
  // an uncompressed point is 04, X, Y
  if (key.kind === 'ec') return key.point?.[0] === 4 ? key.point.subarray(1) : undefined;
  return key.kind === 'ed25519' ? key.point : undefined;
}
