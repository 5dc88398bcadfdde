/**
 * Certificates as they are met (RFC 5280 §4), read once and kept.
 *
 * The reader is total: octets give a certificate or a `PkiError`. What the field gets wrong without changing the
 * meaning (negative or long serials, booleans other than FF, any string type, a missing version) is read as it stands;
 * judging it is the business of rules and of path validation.
 *
 * @module
 */
import { hash, type KeyObject } from 'node:crypto';
import { readPem } from '../asn1/pem.ts';
import { children, expect, isContext, raw, readAsn1, TAG } from '../asn1/read.ts';
import { readSmallInteger, readTime } from '../asn1/values.ts';
import {
  readSignatureAlgorithm,
  readSignatureValue,
  type SignatureAlgorithm,
  sameAlgorithm,
} from './algorithms.ts';
import { PkiError, reading } from './error.ts';
import {
  decodeExtensions,
  type Extension,
  type KeyUsage,
  type KnownExtensions,
  readExtensions,
} from './extensions.ts';
import { type KeyFacts, readKeyFacts } from './key-facts.ts';
import { loadPublicKey } from './keys.ts';
import { type Name, nameValues, readName, readSerial } from './name.ts';
import { PROCESSED } from './oids.ts';

export type { Extension, KeyUsage };

export interface Certificate extends KnownExtensions {
  /** The octets as received. */
  readonly der: Uint8Array;
  /** Lower hex, of `der`. */
  readonly sha256: string;
  /** 1, 2 or 3. */
  readonly version: number;
  /** Lower hex without leading zero pairs; negative ones with `-`. */
  readonly serial: string;
  /** The whole INTEGER as received. */
  readonly serialDer: Uint8Array;
  readonly issuer: Name;
  readonly subject: Name;
  readonly issuerDer: Uint8Array;
  readonly subjectDer: Uint8Array;
  /** ms since 1970 UTC. */
  readonly notBefore: number;
  /** ms since 1970 UTC. */
  readonly notAfter: number;
  readonly spki: Uint8Array;
  /** Loaded when first asked for. @throws {PkiError} code `key` when it cannot be loaded */
  readonly publicKey: KeyObject;
  readonly key: KeyFacts;
  readonly signature: SignatureAlgorithm;
  /** Whether the signed and the unsigned algorithm field say the same (RFC 5280 §4.1.1.2). */
  readonly signatureAgrees: boolean;
  readonly tbs: Uint8Array;
  readonly signatureValue: Uint8Array;
  /** rfc822Names of the subject alternative name, as written. */
  readonly emails: readonly string[];
  /** dNSNames of the subject alternative name, as written. */
  readonly dnsNames: readonly string[];
  /** emailAddress attributes of the subject; they never bind (REQ-AS-05). */
  readonly subjectEmails: readonly string[];
  /** http and other URIs of all distribution points, in order. */
  readonly crlUrls: readonly string[];
  readonly extensions: readonly Extension[];
  /** Critical extensions that path validation does not process. */
  readonly criticalUnknown: readonly string[];
}

const CACHE_LIMIT = 5000;
const CERTIFICATE_LIMIT = 256 * 1024;
const cache = new Map<string, Certificate>();

/**
 * Reads a certificate in BER or DER; up to two line-end octets behind it are ignored. The last 5,000 read are kept by
 * their SHA-256, so reading the same octets again costs one hash, and gives the same object.
 *
 * @throws {PkiError}
 */
export function parseCertificate(der: Uint8Array): Certificate {
  if (der.length > CERTIFICATE_LIMIT) {
    throw new PkiError(
      'limit',
      `${der.length} octets are more than the ${CERTIFICATE_LIMIT} of a certificate`,
    );
  }
  const bytes = withoutLineEnd(der);
  const sha256 = hash('sha256', bytes, 'hex');
  const known = cache.get(sha256);
  if (known) {
    cache.delete(sha256);
    cache.set(sha256, known);
    return known;
  }
  // a copy of its own: the octets may be a window on a large message, or change later
  const certificate = read(Uint8Array.from(bytes), sha256);
  if (cache.size >= CACHE_LIMIT) cache.delete(cache.keys().next().value!);
  cache.set(sha256, certificate);
  return certificate;
}

/**
 * Reads a certificate file whatever its name says: DER, or the first certificate of a PEM text, with byte order mark,
 * CRLF and text before it.
 *
 * @throws {PkiError}
 */
export function parseCertificateText(pemOrDer: Uint8Array | string): Certificate {
  if (typeof pemOrDer !== 'string' && pemOrDer[0] === 0x30) return parseCertificate(pemOrDer);
  const text = typeof pemOrDer === 'string' ? pemOrDer : Buffer.from(pemOrDer).toString('latin1');
  const block = readPem(text).find(({ label }) => /^(X509 |TRUSTED )?CERTIFICATE$/.test(label));
  if (!block) throw new PkiError('structure', 'neither DER nor a PEM block labelled CERTIFICATE');
  if (block.label !== 'TRUSTED CERTIFICATE') return parseCertificate(block.bytes);
  // openssl's own form: its trust settings follow the certificate
  return reading('certificate', 'structure', () =>
    parseCertificate(raw(readAsn1(block.bytes, { trailing: 'allow' }))),
  );
}

function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  const { end } = reading('certificate', 'structure', () => readAsn1(bytes, { trailing: 'allow' }));
  const rest = bytes.subarray(end);
  return rest.length <= 2 && rest.every((octet) => octet === 10 || octet === 13)
    ? bytes.subarray(0, end)
    : bytes;
}

function read(der: Uint8Array, sha256: string): Certificate {
  return reading('certificate', 'structure', () => {
    const [tbs, outer, signature] = children(expect(readAsn1(der), TAG.sequence, 'certificate'));
    const fields = [...children(expect(tbs, TAG.sequence, 'tbsCertificate'))];
    const version = isContext(fields[0], 0)
      ? 1 + readSmallInteger(children(fields.shift()!)[0], 'version')
      : 1;
    const [serial, inner, issuer, validity, subject, spkiNode, ...optional] = fields;
    const algorithm = readSignatureAlgorithm(outer);
    const [notBefore, notAfter] = children(expect(validity, TAG.sequence, 'validity'));
    const extensionsNode = optional.find((node) => isContext(node, 3));
    const extensions = extensionsNode ? readExtensions(children(extensionsNode)[0]!) : [];
    const known = decodeExtensions(extensions);
    const subjectName = readName(subject, 'subject');
    const issuerName = readName(issuer, 'issuer');
    const spki = raw(expect(spkiNode, TAG.sequence, 'subjectPublicKeyInfo'));
    const sanOf = (type: 'email' | 'dns'): string[] =>
      known.san.flatMap((name) => (name.type === type ? [name.value] : []));
    let publicKey: KeyObject | undefined;
    return {
      ...known,
      der,
      sha256,
      version,
      serial: readSerial(serial),
      serialDer: raw(serial!),
      issuer: issuerName,
      subject: subjectName,
      issuerDer: issuerName.der,
      subjectDer: subjectName.der,
      notBefore: readTime(notBefore, 'notBefore'),
      notAfter: readTime(notAfter, 'notAfter'),
      spki,
      get publicKey() {
        return (publicKey ??= loadPublicKey(spki));
      },
      key: readKeyFacts(spki),
      signature: algorithm,
      signatureAgrees: sameAlgorithm(expect(inner, TAG.sequence, 'signature'), outer!),
      tbs: raw(tbs!),
      signatureValue: readSignatureValue(signature),
      emails: sanOf('email'),
      dnsNames: sanOf('dns'),
      subjectEmails: nameValues(subjectName, 'E'),
      crlUrls: known.distributionPoints.flatMap(({ fullName }) =>
        fullName.flatMap((name) => (name.type === 'uri' ? [name.value] : [])),
      ),
      extensions,
      criticalUnknown: extensions.filter((e) => e.critical && !PROCESSED.has(e.oid)).map((e) => e.oid),
    };
  });
}
