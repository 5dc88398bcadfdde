/**
 * Writing PKCS #12 files (RFC 7292) that OpenSSL 1.1 and later, Java 8u301 and later, and Windows since 2019 open.
 *
 * @module
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  type Der,
  encode,
  explicit,
  implicit,
  integer,
  octetString,
  oid,
  sequence,
  setOf,
} from '../../asn1/write.ts';
import type { Certificate } from '../certificate.ts';
import { createEffort } from '../effort.ts';
import { PkiError } from '../error.ts';
import type { KeyPair } from '../keys.ts';
import { encryptWithPassword, ITERATIONS } from '../password-cipher.ts';
import { encryptedPrivateKey, privateKeyDer } from '../pkcs8.ts';
import { writeMac } from './mac.ts';
import { OID } from './oids.ts';

export interface Pkcs12Content {
  /** Keys with their certificates. One without a key goes to `chain`. */
  readonly identities: readonly { readonly certificate: Certificate; readonly key: KeyPair }[];
  /** Further certificates: intermediates, anchors. */
  readonly chain?: readonly Certificate[];
  /** How programs show the first identity. */
  readonly friendlyName?: string;
}

/**
 * PBES2 with AES-256-CBC for keys and certificates, HMAC-SHA-256 over all.
 *
 * @param iterations of each derivation; the default takes half a second in all
 * @throws {PkiError} `spec` when the password is empty or the key is not the certificate's
 */
export function writePkcs12(
  { identities, chain = [], friendlyName }: Pkcs12Content,
  password: string,
  iterations: number = ITERATIONS,
): Uint8Array {
  if (password === '') throw new PkiError('spec', 'a PKCS #12 file wants a password');
  for (const { certificate, key } of identities)
    if (Buffer.compare(certificate.spki, key.spki) !== 0)
      throw new PkiError('spec', 'the key is not the key of its certificate');
  const attributes = identities.map(({ certificate }, index) =>
    bagAttributes(certificate, index === 0 ? friendlyName : undefined),
  );
  const keys = identities.map(({ key }, index) =>
    bag(
      OID.shroudedKeyBag,
      encryptedPrivateKey(privateKeyDer(key.privateKey), password, iterations),
      attributes[index],
    ),
  );
  const own = new Set(identities.map(({ certificate }) => certificate.sha256));
  const certificates = [
    ...identities.map(({ certificate }, index) => certificateBag(certificate, attributes[index])),
    ...chain.filter(({ sha256 }) => !own.has(sha256)).map((certificate) => certificateBag(certificate)),
  ];
  const authenticated = sequence(
    ...(certificates.length > 0 ? [encryptedPart(sequence(...certificates), password, iterations)] : []),
    ...(keys.length > 0 ? [dataPart(sequence(...keys))] : []),
  );
  const mac = writeMac(authenticated, password, randomBytes(16), iterations, createEffort(Infinity));
  return sequence(integer(3), dataPart(authenticated), mac);
}

const dataPart = (content: Uint8Array): Der => sequence(oid(OID.data), explicit(0, octetString(content)));

function encryptedPart(content: Uint8Array, password: string, iterations: number): Der {
  const { algorithm, ciphertext } = encryptWithPassword(content, password, iterations);
  const info = sequence(oid(OID.data), algorithm, implicit(0, ciphertext));
  return sequence(oid(OID.encryptedData), explicit(0, sequence(integer(0), info)));
}

const bag = (type: string, value: Uint8Array, attributes?: Der): Der =>
  sequence(oid(type), explicit(0, value), ...(attributes ? [attributes] : []));

const certificateBag = ({ der }: Certificate, attributes?: Der): Der =>
  bag(OID.certBag, sequence(oid(OID.x509Certificate), explicit(0, octetString(der))), attributes);

/** The same localKeyId on key and certificate is how readers pair them. */
function bagAttributes({ der }: Certificate, name: string | undefined): Der {
  const id = createHash('sha1').update(der).digest();
  return setOf(
    sequence(oid(OID.localKeyId), setOf(octetString(id))),
    ...(name ? [sequence(oid(OID.friendlyName), setOf(bmpString(name)))] : []),
  );
}

const bmpString = (text: string): Der => encode(0x1e, Buffer.from(text.slice(0, 256), 'utf16le').swap16());
