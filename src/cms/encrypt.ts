/**
 * Writing EnvelopedData (RFC 5652 §6) and AuthEnvelopedData (RFC 5083).
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { integer, octetString, oid, sequence, setOf } from '../asn1/write.ts';
import type { Certificate } from '../pki/certificate.ts';
import { type Ber, DER, type Form, formOf, made, type Written, whole } from './ber.ts';
import { type CipherName, cipherNamed, contentCipherDer, encipher, ivLength } from './ciphers.ts';
import { CmsError } from './error.ts';
import { issuerAndSerial, subjectKeyIdentifier } from './identity.ts';
import { agreementInfo } from './key-agreement.ts';
import { type KeyTransport, transportDer, wrapKey } from './key-transport.ts';
import { OID } from './oids.ts';

export interface EncryptOptions {
  /** Default `aes256-cbc`. GCM is for peers only (wire-facts §6.3). */
  readonly cipher?: CipherName;
  /** Default `oaep-sha1`: no signature digest is meant, and every peer opens it (REQ-AS-24). */
  readonly keyTransport?: KeyTransport | 'ecdh';
  /** How recipients are named. Default `issuer-serial`. */
  readonly by?: 'issuer-serial' | 'ski';
  /** Indefinite lengths and cut strings, as Java peers write. Default DER. */
  readonly ber?: Ber;
}

/**
 * Encrypts once for all recipients; a certificate that is named twice counts once.
 *
 * @returns a ContentInfo
 * @throws {CmsError} `input` without recipients (REQ-AS-42), or when a certificate's key is not of the kind
 */
export const encryptData = (
  content: Uint8Array,
  recipients: readonly Certificate[],
  o: EncryptOptions = {},
): Uint8Array => made(encryption(content, recipients, o));

/**
 * As `encryptData`, enciphered where it is written to, which is to be done once: a large content stands in memory once in
 * clear and once as what is sent.
 *
 * @throws {CmsError} as `encryptData`
 */
export function encryption(
  content: Uint8Array,
  recipients: readonly Certificate[],
  o: EncryptOptions = {},
): Written {
  const key = newContentKey(o.cipher);
  const unique = new Map(recipients.map((certificate) => [certificate.sha256, certificate]));
  const infos = [...unique.values()].map((certificate) => recipientInfo(certificate, key, o));
  return enveloping(content, key, infos, o);
}

/** A random key for the cipher; never from the seeded source of a scenario. */
export const newContentKey = (cipher: CipherName = 'aes256-cbc'): Uint8Array =>
  randomBytes(cipherNamed(cipher).keyLength);

/** A RecipientInfo that carries `key` to the certificate. @throws {CmsError} `input` */
export function recipientInfo(certificate: Certificate, key: Uint8Array, o: EncryptOptions = {}): Uint8Array {
  const transport = o.keyTransport ?? 'oaep-sha1';
  if (transport === 'ecdh') return agreementInfo(certificate, key);
  return sequence(
    integer(o.by === 'ski' ? 2 : 0),
    o.by === 'ski' ? subjectKeyIdentifier(certificate) : issuerAndSerial(certificate),
    transportDer(transport),
    octetString(wrapKey(key, certificate.publicKey, transport)),
  );
}

const IV_POOL = 4096;
let pool = Buffer.alloc(0);

/** Initialization vectors stand in the message for all to see, so they may be drawn ahead, many at once. */
function newIv(length: number): Uint8Array {
  if (pool.length < length) pool = randomBytes(IV_POOL);
  const iv = pool.subarray(0, length);
  pool = pool.subarray(length);
  return iv;
}

/**
 * The object around the encrypted content, with RecipientInfos that were made by themselves. `encryptData` is this
 * with infos that carry the same key; a peer that puts another key into one of them makes it here.
 *
 * @throws {CmsError} `input` without recipients
 */
export const envelope = (
  content: Uint8Array,
  key: Uint8Array,
  recipientInfos: readonly Uint8Array[],
  o: EncryptOptions = {},
): Uint8Array => made(enveloping(content, key, recipientInfos, o));

function enveloping(
  content: Uint8Array,
  key: Uint8Array,
  recipientInfos: readonly Uint8Array[],
  o: EncryptOptions,
): Written {
  if (recipientInfos.length === 0) throw new CmsError('input', 'an envelope needs a recipient');
  const form: Form = formOf(o.ber);
  const cipher = cipherNamed(o.cipher ?? 'aes256-cbc');
  const iv = newIv(ivLength(cipher));
  const { ciphertext, tag } = encipher(cipher, key, iv, content);
  const plain = o.by !== 'ski' && o.keyTransport !== 'ecdh';
  const version = tag || plain ? 0 : 2;
  const object = form.constructed(
    0x30,
    oid(tag ? OID.authEnvelopedData : OID.envelopedData),
    form.constructed(
      0xa0,
      form.constructed(
        0x30,
        integer(version),
        setOf(...recipientInfos),
        form.constructed(
          0x30,
          oid(OID.data),
          contentCipherDer(cipher, iv),
          form.implicitOctets([ciphertext]),
        ),
        ...(tag ? [DER.octets([tag])] : []),
      ),
    ),
  );
  return whole(object);
}
