/**
 * Certification requests (PKCS #10, RFC 2986): asking an authority for a certificate, and reading what is asked.
 *
 * @module
 */
import { readPem } from '../asn1/pem.ts';
import { children, expect, type Node, raw, readAsn1, TAG } from '../asn1/read.ts';
import { readOid, readSmallInteger } from '../asn1/values.ts';
import { bitString, type Der, encode, integer, oid, sequence, setOf } from '../asn1/write.ts';
import {
  type Digest,
  encodeSignatureAlgorithm,
  readSignatureAlgorithm,
  readSignatureValue,
  type SignatureAlgorithm,
  signatureAlgorithm,
  verifySignature,
} from './algorithms.ts';
import { PkiError, reading } from './error.ts';
import { decodeExtensions, type Extension, type KnownExtensions, readExtensions } from './extensions.ts';
import type { HeldSpec } from './issue.ts';
import { issuedExtensions } from './issue-extensions.ts';
import { encodeSubject, type Subject } from './issue-name.ts';
import { type KeyFacts, readKeyFacts } from './key-facts.ts';
import { loadPublicKey } from './keys.ts';
import { type Name, nameValues, readName } from './name.ts';
import { kindOf, type PrivateKey, type Signing, signedAnywhere, signedHere } from './private-key.ts';

/** extensionRequest (RFC 2985 §5.4.2). */
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';
const REQUEST_LIMIT = 64 * 1024;

export interface CertificateRequest extends KnownExtensions {
  readonly der: Uint8Array;
  readonly subject: Name;
  readonly subjectDer: Uint8Array;
  readonly spki: Uint8Array;
  readonly key: KeyFacts;
  readonly signature: SignatureAlgorithm;
  /** Whether its own key signed it: proof that whoever asks has the private key. */
  readonly proven: boolean;
  /** rfc822Names that are asked for. */
  readonly emails: readonly string[];
  /** dNSNames that are asked for. */
  readonly dnsNames: readonly string[];
  /** emailAddress attributes of the subject. */
  readonly subjectEmails: readonly string[];
  readonly extensions: readonly Extension[];
}

/**
 * Reads a request in DER or PEM (`CERTIFICATE REQUEST`, also with `NEW` in front), and checks its signature.
 *
 * @throws {PkiError}
 */
export function readRequest(pemOrDer: Uint8Array): CertificateRequest {
  if (pemOrDer.length > REQUEST_LIMIT)
    throw new PkiError('limit', `a request of ${pemOrDer.length} octets is more than ${REQUEST_LIMIT}`);
  if (pemOrDer[0] === 0x30) return fromDer(pemOrDer);
  const text = Buffer.from(pemOrDer).toString('latin1');
  const block = readPem(text).find(({ label }) => /^(NEW )?CERTIFICATE REQUEST$/.test(label));
  if (!block) throw new PkiError('structure', 'neither DER nor a PEM block labelled CERTIFICATE REQUEST');
  return fromDer(block.bytes);
}

function fromDer(bytes: Uint8Array): CertificateRequest {
  return reading('request', 'structure', () => {
    const outer = expect(readAsn1(bytes, { trailing: 'allow' }), TAG.sequence, 'request');
    const [info, algorithm, value] = children(outer);
    const [version, subjectNode, spkiNode, attributes] = children(
      expect(info, TAG.sequence, 'certificationRequestInfo'),
    );
    if (readSmallInteger(version, 'version') !== 0)
      throw new PkiError('structure', 'a request of unknown version');
    const subject = readName(subjectNode, 'subject');
    const spki = raw(expect(spkiNode, TAG.sequence, 'subjectPublicKeyInfo'));
    const extensions = attributes ? requested(attributes) : [];
    const known = decodeExtensions(extensions);
    const signature = readSignatureAlgorithm(algorithm);
    const namesOf = (type: 'email' | 'dns'): string[] =>
      known.san.flatMap((name) => (name.type === type ? [name.value] : []));
    return {
      ...known,
      der: raw(outer),
      subject,
      subjectDer: subject.der,
      spki,
      key: readKeyFacts(spki),
      signature,
      proven: verifySignature(signature, raw(info!), readSignatureValue(value), loadPublicKey(spki)),
      emails: namesOf('email'),
      dnsNames: namesOf('dns'),
      subjectEmails: nameValues(subject, 'E'),
      extensions,
    };
  });
}

/** The extensions that the attributes ask for; other attributes (challenge passwords) are passed over. */
function requested(attributes: Node): Extension[] {
  for (const attribute of children(expect(attributes, 0, 'attributes', 'context'))) {
    const [type, values] = children(expect(attribute, TAG.sequence, 'attribute'));
    if (readOid(type, 'attribute') !== EXTENSION_REQUEST) continue;
    const [value] = children(expect(values, TAG.set, 'extension request'));
    return value ? readExtensions(value) : [];
  }
  return [];
}

export interface RequestSpec
  extends Pick<HeldSpec, 'profile' | 'emails' | 'dnsNames' | 'keyUsage' | 'eku' | 'policies'> {
  readonly subject: Subject;
  readonly key: {
    readonly publicKey: HeldSpec['key']['publicKey'];
    readonly spki: Uint8Array;
    readonly privateKey: PrivateKey;
  };
  readonly digest?: Digest;
}

/** One request in DER, signed with its own key. @throws {PkiError} `algorithm` */
export const writeRequest = (spec: RequestSpec): Uint8Array => signedHere(requestOf(spec));

/** As `writeRequest`, with a key wherever it is. @throws {PkiError} @throws what the holder of the key says */
export const writeRequestAnywhere = (spec: RequestSpec): Promise<Uint8Array> =>
  signedAnywhere(requestOf(spec));

function* requestOf(spec: RequestSpec): Signing<Der> {
  const key = spec.key.privateKey;
  const algorithm = signatureAlgorithm(kindOf(key), { digest: spec.digest });
  // a key identifier is for the issuer to choose
  const extensions = issuedExtensions(
    { ...spec, issuer: 'self', notBefore: 0, notAfter: 0, ski: null, aki: null },
    undefined,
  );
  const info = sequence(
    integer(0),
    encodeSubject(spec.subject),
    spec.key.spki,
    encode(0xa0, sequence(oid(EXTENSION_REQUEST), setOf(sequence(...extensions)))),
  );
  const signature = yield { key, algorithm, data: info };
  return sequence(info, encodeSignatureAlgorithm(algorithm), bitString(signature));
}
