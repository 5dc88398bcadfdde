/**
 * Reading SignedData (RFC 5652 §5). Certificates and attributes stay the octets that were received.
 *
 * @module
 */
import {
  children,
  content,
  expect,
  is,
  isContext,
  type Node,
  raw,
  stringContent,
  TAG,
} from '../asn1/read.ts';
import { readOctetString, readOid, readSmallInteger } from '../asn1/values.ts';
import { readSignatureAlgorithm, type SignatureAlgorithm } from '../pki/algorithms.ts';
import { type Certificate, parseCertificate } from '../pki/certificate.ts';
import { PkiError } from '../pki/error.ts';
import { type Attribute, readAttributes } from './attributes.ts';
import { readContentInfo } from './content-info.ts';
import { type DigestAlgorithm, readDigestAlgorithm } from './digests.ts';
import { CmsError, reading, tooMany } from './error.ts';
import { type Identity, readIdentity } from './identity.ts';
import { OID } from './oids.ts';

export { type SignerVerdict, type VerifyOptions, verifySigner } from './verify.ts';

export interface SignerInfo {
  readonly version: number;
  readonly identity: Identity;
  readonly digestAlgorithm: DigestAlgorithm;
  /** `rsaEncryption` has no digest of its own. */
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly signature: Uint8Array;
  /** Undefined when there are none and the signature is over the content itself. */
  readonly signedAttributes: readonly Attribute[] | undefined;
  /** Context tag, length and attributes as received; undefined like `signedAttributes`. */
  readonly signedAttributesRaw: Uint8Array | undefined;
  /** Milliseconds since 1970 UTC, as the signer claims. */
  readonly signingTime: number | undefined;
}

export interface SignedData {
  readonly version: number;
  readonly digestAlgorithms: readonly DigestAlgorithm[];
  readonly eContentType: string;
  /** Undefined when detached. */
  readonly eContent: Uint8Array | undefined;
  /** Embedded X.509 certificates, raw, in order. */
  readonly certificates: readonly Uint8Array[];
  /** Embedded revocation lists, raw, in order. */
  readonly crls: readonly Uint8Array[];
  readonly signers: readonly SignerInfo[];
  /** Octets behind the object that are not one line end: a finding. */
  readonly trailing: number;
}

/** Each costs a hash of the whole content. */
const MAX_SIGNERS = 32;
const MAX_CERTIFICATES = 20_000;

/** @throws {CmsError} `structure`, `limit` */
export function readSigned(bytes: Uint8Array): SignedData {
  const info = readContentInfo(bytes);
  if (info.type !== OID.signedData)
    throw new CmsError('structure', `content type ${info.type} is not SignedData`);
  return reading('SignedData', () => {
    const [version, digests, encapsulated, ...rest] = children(
      expect(info.content, TAG.sequence, 'SignedData'),
    );
    const [type, wrapper] = children(expect(encapsulated, TAG.sequence, 'encapContentInfo'));
    const certificates = rest.find((node) => isContext(node, 0));
    const crls = rest.find((node) => isContext(node, 1));
    const signers = children(expect(rest.at(-1), TAG.set, 'signerInfos'));
    if (signers.length > MAX_SIGNERS) throw tooMany('signers', MAX_SIGNERS);
    return {
      version: readSmallInteger(version, 'version'),
      digestAlgorithms: children(expect(digests, TAG.set, 'digestAlgorithms')).map(readDigestAlgorithm),
      eContentType: readOid(type, 'eContentType'),
      eContent: wrapper && isContext(wrapper, 0) ? eContentOf(children(wrapper)[0]) : undefined,
      certificates: sequencesOf(certificates),
      crls: sequencesOf(crls),
      signers: signers.map(readSignerInfo),
      trailing: info.trailing,
    };
  });
}

/** An OCTET STRING; PKCS #7 writers put other types there whose content octets count (RFC 5652 §5.2.1). */
function eContentOf(node: Node | undefined): Uint8Array | undefined {
  if (!node) return undefined;
  return is(node, TAG.octetString) ? stringContent(node) : content(node);
}

/** Certificates and lists are SEQUENCEs; the other choices have context tags and are left out. */
function sequencesOf(node: Node | undefined): Uint8Array[] {
  if (!node) return [];
  const found = children(node).filter((kid) => is(kid, TAG.sequence));
  if (found.length > MAX_CERTIFICATES) throw tooMany('certificates', MAX_CERTIFICATES);
  return found.map(raw);
}

function readSignerInfo(node: Node): SignerInfo {
  const [version, identity, digest, ...rest] = children(expect(node, TAG.sequence, 'SignerInfo'));
  const attributes = isContext(rest[0], 0) ? rest.shift() : undefined;
  const [algorithm, signature] = rest;
  const signedAttributes = attributes ? readAttributes(attributes) : undefined;
  return {
    version: readSmallInteger(version, 'SignerInfo version'),
    identity: readIdentity(identity, 'SignerInfo'),
    digestAlgorithm: readDigestAlgorithm(digest),
    signatureAlgorithm: readSignatureAlgorithmOf(algorithm),
    signature: readOctetString(signature, 'signature'),
    signedAttributes,
    signedAttributesRaw: attributes ? raw(attributes) : undefined,
    signingTime: signedAttributes?.find(({ time }) => time !== undefined)?.time,
  };
}

function readSignatureAlgorithmOf(node: Node | undefined): SignatureAlgorithm {
  const type = readOid(children(expect(node, TAG.sequence, 'signature algorithm'))[0], 'signature algorithm');
  if (type === OID.rsaEncryption) return { oid: type, name: 'rsaEncryption', scheme: 'rsa' };
  return readSignatureAlgorithm(node);
}

/** The embedded certificates, and why some of them cannot be read. */
export function embeddedCertificates(signed: SignedData): {
  certificates: Certificate[];
  unreadable: { bytes: Uint8Array; why: string }[];
} {
  const certificates: Certificate[] = [];
  const unreadable: { bytes: Uint8Array; why: string }[] = [];
  for (const bytes of signed.certificates) {
    try {
      certificates.push(parseCertificate(bytes));
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
      unreadable.push({ bytes, why: error.message });
    }
  }
  return { certificates, unreadable };
}
