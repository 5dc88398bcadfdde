/**
 * The MAC of a PKCS #12 file (RFC 7292 §4): it is checked before anything inside is believed.
 *
 * @module
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { children, expect, type Node, TAG } from '../../asn1/read.ts';
import { readOctetString, readOid, readSmallInteger } from '../../asn1/values.ts';
import { type Der, integer, nullValue, octetString, oid, sequence } from '../../asn1/write.ts';
import { DIGEST_OID, type Digest, digestOf } from '../algorithms.ts';
import type { Effort } from '../effort.ts';
import { PkiError } from '../error.ts';
import { deriveKey, wrongPassword } from '../password-cipher.ts';
import { bmpPassword, derivePkcs12, PURPOSE } from './derive.ts';
import { OID } from './oids.ts';

const LENGTH: Readonly<Partial<Record<Digest, number>>> = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 };

const HMACS: Readonly<Record<string, Digest>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

/**
 * Checks MacData over the authenticated content.
 *
 * @throws {PkiError} `password` when it does not agree; `algorithm`, `limit`, `structure` @throws {Asn1Error}
 */
export function checkMac(macData: Node, content: Uint8Array, password: string, effort: Effort): void {
  const [info, saltNode, count] = children(expect(macData, TAG.sequence, 'MAC'));
  const [algorithm, valueNode] = children(expect(info, TAG.sequence, 'MAC value'));
  const [type, parameters] = children(expect(algorithm, TAG.sequence, 'MAC algorithm'));
  const value = readOctetString(valueNode, 'MAC value');
  const id = readOid(type, 'MAC algorithm');
  if (id === OID.pbmac1) {
    const { key, digest } = pbmac1(parameters, password, effort);
    if (!agrees(key, digest, content, value)) throw wrongPassword();
    return;
  }
  const digest = digestOf(id);
  const length = digest && LENGTH[digest];
  if (!length) throw new PkiError('algorithm', `the MAC algorithm ${id} is not known`);
  const salt = readOctetString(saltNode, 'MAC salt');
  if (salt.length > 1024) throw new PkiError('limit', `a MAC salt of ${salt.length} octets`);
  const iterations = count ? readSmallInteger(count, 'MAC iterations') : 1;
  const from = { digest, salt, iterations, purpose: PURPOSE.mac, length };
  // writers differ in what no password is: an empty text with its end, or no octets at all
  const forms = password === '' ? [bmpPassword(''), new Uint8Array()] : [bmpPassword(password)];
  if (!forms.some((octets) => agrees(derivePkcs12(octets, from, effort), digest, content, value)))
    throw wrongPassword();
}

/** RFC 9579: HMAC under a key of PBKDF2. */
function pbmac1(
  parameters: Node | undefined,
  password: string,
  effort: Effort,
): { readonly key: Uint8Array; readonly digest: Digest } {
  const [derivation, scheme] = children(expect(parameters, TAG.sequence, 'PBMAC1 parameters'));
  const id = readOid(children(expect(scheme, TAG.sequence, 'PBMAC1 scheme'))[0], 'PBMAC1 scheme');
  const digest = HMACS[id];
  if (!digest) throw new PkiError('algorithm', `the MAC algorithm ${id} is not known`);
  return { key: deriveKey(derivation, LENGTH[digest]!, password, effort), digest };
}

function agrees(key: Uint8Array, digest: Digest, content: Uint8Array, value: Uint8Array): boolean {
  const made = createHmac(digest, key).update(content).digest();
  return made.length === value.length && timingSafeEqual(made, value);
}

/** MacData with HMAC-SHA-256. */
export function writeMac(
  content: Uint8Array,
  password: string,
  salt: Uint8Array,
  iterations: number,
  effort: Effort,
): Der {
  const key = derivePkcs12(
    bmpPassword(password),
    { digest: 'sha256', salt, iterations, purpose: PURPOSE.mac, length: 32 },
    effort,
  );
  const value = createHmac('sha256', key).update(content).digest();
  return sequence(
    sequence(sequence(oid(DIGEST_OID.sha256), nullValue()), octetString(value)),
    octetString(salt),
    integer(iterations),
  );
}
