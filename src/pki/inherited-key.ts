/**
 * DSA keys without parameters: those of the issuer's key count (RFC 5280 §6.1.4 e, f; RFC 3279 §2.3.2). Nobody uses them
 * any more; old test material does.
 *
 * @module
 */
import { children, expect, raw, readAsn1, TAG } from '../asn1/read.ts';
import { readOid } from '../asn1/values.ts';
import { sequence } from '../asn1/write.ts';
import { reading } from './error.ts';

const DSA = '1.2.840.10040.4.1';
/** The identifier above as it stands in an SPKI, to tell all other keys at a glance. */
const DSA_OCTETS = Buffer.from('06072a8648ce380401', 'hex');

interface DsaKey {
  readonly algorithm: Uint8Array;
  readonly key: Uint8Array;
  readonly complete: boolean;
}

function readDsa(spki: Uint8Array): DsaKey | undefined {
  if (Buffer.from(spki.buffer, spki.byteOffset, Math.min(spki.length, 24)).indexOf(DSA_OCTETS) < 0)
    return undefined;
  return reading('public key', 'key', () => {
    const [algorithm, key] = children(expect(readAsn1(spki), TAG.sequence, 'SubjectPublicKeyInfo'));
    const [type, parameters] = children(expect(algorithm, TAG.sequence, 'key algorithm'));
    if (readOid(type, 'key algorithm') !== DSA) return undefined;
    return {
      algorithm: raw(algorithm!),
      key: raw(expect(key, TAG.bitString, 'public key')),
      complete: parameters?.constructed ?? false,
    };
  });
}

/** Whether the key is a DSA key that has its parameters from its issuer's key. @throws {PkiError} */
export const inheritsKey = (spki: Uint8Array): boolean => readDsa(spki)?.complete === false;

/**
 * The key with the parameters of the issuer's key, where it has none of its own.
 *
 * @param above the issuer's SubjectPublicKeyInfo, complete
 * @throws {PkiError}
 */
export function completeKey(spki: Uint8Array, above: Uint8Array): Uint8Array {
  const own = readDsa(spki);
  if (!own || own.complete) return spki;
  const issuer = readDsa(above);
  return issuer ? sequence(issuer.algorithm, own.key) : spki;
}
