/**
 * Issuing certificates: the profile of REQ-CERT, and every deliberate deviation that a test fixture needs.
 *
 * The defaults of a profile are what a good certificate has. Whatever the specification names replaces the default;
 * `null` leaves the part out. Signing is synchronous `node:crypto`, so that it takes no virtual time and any digest works.
 *
 * @module
 */
import { type KeyObject, randomBytes } from 'node:crypto';
import { bitString, type Der, explicit, integer, sequence, time, unsignedInteger } from '../asn1/write.ts';
import { type Digest, encodeSignatureAlgorithm, signatureAlgorithm } from './algorithms.ts';
import { type Certificate, type KeyUsage, parseCertificate } from './certificate.ts';
import { PkiError } from './error.ts';
import type { Extension, PolicyConstraints } from './extensions.ts';
import type { GeneralName } from './general-name.ts';
import { issuedExtensions } from './issue-extensions.ts';
import { encodeSubject, type Subject } from './issue-name.ts';
import type { KeyPair } from './keys.ts';
import {
  kindOf,
  type PrivateKey,
  type Signatory,
  type Signing,
  signedAnywhere,
  signedHere,
} from './private-key.ts';

export type { Subject };

export type Profile =
  /** A self-signed CA. */
  | 'root'
  | 'intermediate'
  /** End entity with the Direct address as rfc822Name. */
  | 'address'
  /** End entity with the Health Domain Name as dNSName. */
  | 'domain'
  | 'tls'
  /** Signs revocation lists for its issuer. */
  | 'crl-signer'
  | 'ocsp-signer'
  /** Signs trust bundles. */
  | 'bundle-signer';

/** A certificate and the key that it is for. */
export interface Issued {
  readonly certificate: Certificate;
  readonly key: KeyPair;
}

export interface CertificateSpec {
  readonly profile: Profile;
  /** Parts of the subject, or a complete Name in DER. */
  readonly subject: Subject | Uint8Array;
  readonly key: KeyPair;
  readonly issuer: Issued | 'self';
  /** Default: 16 random octets, positive. */
  readonly serial?: bigint | number;
  /** ms since 1970 UTC. */
  readonly notBefore: number;
  /** ms since 1970 UTC. */
  readonly notAfter: number;
  /** rfc822Names, in order, before the dNSNames. */
  readonly emails?: readonly string[];
  readonly dnsNames?: readonly string[];
  /** Further names, after those. */
  readonly otherNames?: readonly GeneralName[];
  readonly keyUsage?: readonly KeyUsage[] | null;
  readonly eku?: readonly string[] | null;
  readonly crlUrls?: readonly string[];
  readonly caIssuersUrls?: readonly string[];
  readonly ocspUrls?: readonly string[];
  /** Policy identifiers. */
  readonly policies?: readonly string[];
  readonly policyMappings?: readonly { readonly issuer: string; readonly subject: string }[];
  readonly policyConstraints?: PolicyConstraints;
  readonly inhibitAnyPolicy?: number;
  /** `null`: no basicConstraints at all. Default: as the profile. */
  readonly isCa?: boolean | null;
  readonly pathLen?: number;
  readonly nameConstraints?: {
    readonly permitted?: readonly GeneralName[];
    readonly excluded?: readonly GeneralName[];
  };
  /** Hex. Default: from the key. Something else is a forgery. */
  readonly ski?: string | null;
  /** Hex. Default: the issuer's subject key identifier. */
  readonly aki?: string | null;
  readonly digest?: Digest;
  /** RSASSA-PSS instead of PKCS #1 v1.5. */
  readonly pss?: boolean;
  /** Default 3; 1 drops all extensions. */
  readonly version?: 1 | 3;
  /** Added at the end; one of the same identifier as a default replaces it. */
  readonly extensions?: readonly Extension[];
  /** A Name in DER to write as issuer instead of the issuer's subject. */
  readonly issuerName?: Uint8Array;
  /** Sign with this key instead of the issuer's: a forgery. */
  readonly signWith?: KeyPair;
}

/** The same with keys that may be elsewhere. Of the subject only the public key is needed. */
export interface HeldSpec extends Omit<CertificateSpec, 'key' | 'issuer' | 'signWith'> {
  readonly key: {
    readonly publicKey: KeyObject;
    readonly spki: Uint8Array;
    /** Needed to sign for oneself. */
    readonly privateKey?: PrivateKey;
  };
  readonly issuer: Signatory | 'self';
  readonly signWith?: { readonly privateKey: PrivateKey };
}

/**
 * Makes one certificate and reads it back.
 *
 * @throws {PkiError} code `algorithm` when the issuer's key cannot sign with the digest
 */
export const issueCertificate = (spec: CertificateSpec): Issued => ({
  certificate: signedHere(certificateOf(spec)),
  key: spec.key,
});

/** As `issueCertificate`, by keys wherever they are. @throws {PkiError} @throws what the holder of the key says */
export const issueCertificateAnywhere = (spec: HeldSpec): Promise<Certificate> =>
  signedAnywhere(certificateOf(spec));

function* certificateOf(spec: HeldSpec): Signing<Certificate> {
  const subject = spec.subject instanceof Uint8Array ? spec.subject : encodeSubject(spec.subject);
  const issuer = spec.issuer === 'self' ? undefined : spec.issuer;
  const key = (spec.signWith ?? issuer?.key ?? spec.key).privateKey;
  if (!key)
    throw new PkiError('spec', 'nobody signs: the certificate would be its own issuer without its key');
  const algorithm = signatureAlgorithm(kindOf(key), { digest: spec.digest, pss: spec.pss });
  const identifier = encodeSignatureAlgorithm(algorithm);
  const version = spec.version ?? 3;
  const tbs = sequence(
    ...(version === 3 ? [explicit(0, integer(2))] : []),
    spec.serial === undefined ? randomSerial() : integer(spec.serial),
    identifier,
    spec.issuerName ?? issuer?.certificate.subjectDer ?? subject,
    sequence(time(spec.notBefore), time(spec.notAfter)),
    subject,
    spec.key.spki,
    ...(version === 3 ? extensionsOf(spec, issuer?.certificate) : []),
  );
  return parseCertificate(sequence(tbs, identifier, bitString(yield { key, algorithm, data: tbs })));
}

function extensionsOf(spec: HeldSpec, issuer: Certificate | undefined): Der[] {
  const list = issuedExtensions(spec, issuer);
  return list.length === 0 ? [] : [explicit(3, sequence(...list))];
}

/** Positive, 16 octets at most (RFC 5280 §4.1.2.2 allows 20), from a source of 127 random bits. */
function randomSerial(): Der {
  const octets = randomBytes(16);
  octets[0] = (octets[0]! & 0x7f) | 0x40;
  return unsignedInteger(octets);
}
