/**
 * Writing KeyAgreeRecipientInfo (RFC 5753 §3.1.1): ephemeral-static ECDH, as S/MIME peers with elliptic-curve
 * certificates do. It is not expected in Direct (wire-facts §6.3) and we do not read it; peers of ours write it.
 *
 * @module
 */
import { createCipheriv, diffieHellman, generateKeyPairSync, hash } from 'node:crypto';
import { children, raw, readAsn1 } from '../asn1/read.ts';
import { encode, explicit, integer, octetString, oid, sequence } from '../asn1/write.ts';
import type { Certificate } from '../pki/certificate.ts';
import { CmsError } from './error.ts';
import { issuerAndSerial } from './identity.ts';

/** dhSinglePass-stdDH-sha256kdf-scheme (RFC 5753 §7.1.4). */
const STD_DH_SHA256 = '1.3.132.1.11.1';
/** Wrapping keys of AES-128, -192 and -256 (RFC 3565 §2.3.2), by the octets of the key that they wrap. */
const WRAPS: Readonly<Record<number, { oid: string; cipher: string }>> = {
  16: { oid: '2.16.840.1.101.3.4.1.5', cipher: 'id-aes128-wrap' },
  24: { oid: '2.16.840.1.101.3.4.1.25', cipher: 'id-aes192-wrap' },
  32: { oid: '2.16.840.1.101.3.4.1.45', cipher: 'id-aes256-wrap' },
};
const WRAP_IV = Buffer.alloc(8, 0xa6);
const EC_PUBLIC_KEY = '1.2.840.10045.2.1';

/**
 * The key for the owner of the certificate.
 *
 * @param key 16, 24 or 32 octets
 * @throws {CmsError} `input` when the certificate's key is not on a curve
 */
export function agreementInfo(certificate: Certificate, key: Uint8Array): Uint8Array {
  const { publicKey } = certificate;
  const namedCurve = publicKey.asymmetricKeyDetails?.namedCurve;
  const wrap = WRAPS[key.length];
  if (namedCurve === undefined || !wrap) {
    throw new CmsError(
      'input',
      `a ${publicKey.asymmetricKeyType} key agrees on no key of ${key.length} octets`,
    );
  }
  const ephemeral = generateKeyPairSync('ec', { namedCurve });
  const shared = diffieHellman({ privateKey: ephemeral.privateKey, publicKey });
  const algorithm = sequence(oid(wrap.oid));
  const bits = Buffer.alloc(4);
  bits.writeUInt32BE(key.length * 8);
  const info = sequence(algorithm, explicit(2, octetString(bits)));
  const counter = Buffer.from([0, 0, 0, 1]);
  const wrapping = hash('sha256', Buffer.concat([shared, counter, info]), 'buffer').subarray(0, key.length);
  const cipher = createCipheriv(wrap.cipher, wrapping, WRAP_IV);
  const wrapped = Buffer.concat([cipher.update(key), cipher.final()]);
  const [, point] = children(readAsn1(ephemeral.publicKey.export({ type: 'spki', format: 'der' })));
  return encode(
    0xa1,
    integer(3),
    explicit(0, encode(0xa1, sequence(oid(EC_PUBLIC_KEY)), raw(point!))),
    sequence(oid(STD_DH_SHA256), algorithm),
    sequence(sequence(issuerAndSerial(certificate), octetString(wrapped))),
  );
}
