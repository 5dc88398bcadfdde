/**
 * Verifying one signer of SignedData: the mathematics and the rules of wire-facts §6.2. Who the signer is, and
 * whether to trust the certificate, is decided elsewhere.
 *
 * @module
 */
import { hash } from 'node:crypto';
import { readAsn1 } from '../asn1/read.ts';
import { type Cause, cause } from '../outcome/cause.ts';
import { type SignatureAlgorithm, verifySignature } from '../pki/algorithms.ts';
import type { Certificate } from '../pki/certificate.ts';
import { PkiError } from '../pki/error.ts';
import { readAttributes, signedForms } from './attributes.ts';
import type { Digest } from './digests.ts';
import { CmsError, reading } from './error.ts';
import { identityText, isNamed } from './identity.ts';
import { OID } from './oids.ts';
import type { SignedData, SignerInfo } from './signed.ts';

interface Verdict {
  readonly signer: SignerInfo;
  /** The signer's certificate, when one was found. */
  readonly certificate?: Certificate;
  /** Name of the content digest; the identifier when we do not have it. */
  readonly digest: string;
}

export type SignerVerdict =
  | (Verdict & {
      readonly ok: true;
      readonly certificate: Certificate;
      /** All the given certificates that the signer may be: same key, same name. */
      readonly certificates: readonly Certificate[];
      /** Whether the content verified only after `repair`. */
      readonly repaired: boolean;
    })
  | (Verdict & { readonly ok: false; readonly cause: Cause });

export interface VerifyOptions {
  /** Digests that are good enough. Default SHA-256, SHA-384 and SHA-512 (REQ-AS-19). */
  readonly digests?: readonly Digest[];
  /** Another form of the content to try when the digest differs: bare LF turned into CRLF, and nothing else. */
  readonly repair?: (content: Uint8Array) => Uint8Array;
}

const STRONG: readonly Digest[] = ['sha256', 'sha384', 'sha512'];

/**
 * @param content the octets as received; for an opaque signature `undefined` takes those inside
 * @param certificates where to look for the signer's: the embedded ones and others that are known
 */
export function verifySigner(
  signed: SignedData,
  signer: SignerInfo,
  content: Uint8Array | undefined,
  certificates: readonly Certificate[],
  options: VerifyOptions = {},
): SignerVerdict {
  const digest = signer.digestAlgorithm.digest ?? signer.digestAlgorithm.oid;
  const named = certificates.filter((certificate) => isNamed(signer.identity, certificate));
  const refuse = (reason: Cause): SignerVerdict => ({
    signer,
    digest,
    ok: false,
    cause: reason,
    ...(named[0] ? { certificate: named[0] } : {}),
  });
  const weak = weakDigest(signer, options.digests ?? STRONG);
  if (weak) return refuse(cause('crypto.digest-not-allowed', { algorithm: weak }));
  if (named.length === 0) {
    return refuse(cause('crypto.signer-cert-missing', { signer: identityText(signer.identity) }));
  }
  const octets = content ?? signed.eContent;
  const structural = octets ? attributesAtFault(signed, signer, octets) : attributeMissing('content');
  if (structural || !octets) return refuse(structural ?? attributeMissing('content'));
  const checked = checkContent(signer, octets, named, options);
  if ('code' in checked) return refuse(checked);
  return { signer, digest, ok: true, certificate: checked.certificates[0]!, ...checked };
}

const attributeMissing = (attribute: string): Cause => cause('crypto.attribute-missing', { attribute });

/** The first of content digest and signature digest that is not good enough. */
function weakDigest(signer: SignerInfo, allowed: readonly Digest[]): string | undefined {
  const { oid, digest } = signer.digestAlgorithm;
  if (!digest || !allowed.includes(digest)) return digest ?? oid;
  const own = signer.signatureAlgorithm.digest;
  return own && !allowed.includes(own) ? own : undefined;
}

const NAMES = {
  [OID.contentType]: 'contentType',
  [OID.messageDigest]: 'messageDigest',
  [OID.signingTime]: 'signingTime',
};

function attributesAtFault(signed: SignedData, signer: SignerInfo, content: Uint8Array): Cause | undefined {
  const attributes = signer.signedAttributes;
  if (!attributes) {
    if (signed.eContentType !== OID.data) return attributeMissing('contentType');
    // Attributes that were signed elsewhere, presented as if they were the content.
    return looksLikeAttributes(content)
      ? cause('crypto.signature-invalid', { algorithm: signer.signatureAlgorithm.name })
      : undefined;
  }
  for (const [oid, name] of Object.entries(NAMES)) {
    const found = attributes.filter((attribute) => attribute.oid === oid);
    if (found.length > 1 || found.some(({ count }) => count > 1)) {
      return cause('crypto.attribute-duplicate', { attribute: name });
    }
    if (oid !== OID.signingTime && found[0]?.count !== 1) return attributeMissing(name);
  }
  const type = attributes.find(({ oid }) => oid === OID.contentType)?.contentType;
  if (type !== signed.eContentType) return attributeMissing(`contentType ${signed.eContentType}`);
  const protects = attributes.find(({ oid }) => oid === OID.algorithmProtection)?.protects;
  const agrees =
    !protects ||
    (protects.digest === signer.digestAlgorithm.oid &&
      (protects.signature === undefined || protects.signature === signer.signatureAlgorithm.oid));
  return agrees
    ? undefined
    : cause('crypto.signature-invalid', { algorithm: signer.signatureAlgorithm.name });
}

function looksLikeAttributes(content: Uint8Array): boolean {
  if (content[0] !== 0x31) return false;
  try {
    const node = readAsn1(content);
    return reading('content', () => readAttributes(node)).some(({ oid }) => oid === OID.messageDigest);
  } catch {
    // What does not read as attributes is not attributes.
    return false;
  }
}

function checkContent(
  signer: SignerInfo,
  received: Uint8Array,
  named: readonly Certificate[],
  options: VerifyOptions,
): Cause | { certificates: Certificate[]; repaired: boolean } {
  const algorithm = fullAlgorithm(signer);
  const digest = signer.digestAlgorithm.digest!;
  const repairs = options.repair ? [undefined, options.repair] : [undefined];
  if (signer.signedAttributes && signer.signedAttributesRaw) {
    const expected = signer.signedAttributes.find(({ oid }) => oid === OID.messageDigest)!.digest!;
    const matching = repairs.findIndex((repair) => {
      const octets = repair ? repair(received) : received;
      return (
        !(repair && octets === received) && Buffer.compare(expected, hash(digest, octets, 'buffer')) === 0
      );
    });
    if (matching < 0) return cause('crypto.digest-mismatch', { algorithm: digest });
    const node = readAsn1(signer.signedAttributesRaw);
    for (const form of signedForms(signer.signedAttributesRaw, node)) {
      const certificates = verifying(algorithm, form, signer.signature, named);
      if (certificates.length > 0) return { certificates, repaired: matching > 0 };
    }
  } else {
    for (const repair of repairs) {
      const octets = repair ? repair(received) : received;
      if (repair && octets === received) break;
      const certificates = verifying(algorithm, octets, signer.signature, named);
      if (certificates.length > 0) return { certificates, repaired: repair !== undefined };
    }
  }
  return cause('crypto.signature-invalid', { algorithm: algorithm.name });
}

/** rsaEncryption takes its digest from the SignerInfo. */
function fullAlgorithm({ signatureAlgorithm, digestAlgorithm }: SignerInfo): SignatureAlgorithm {
  if (signatureAlgorithm.oid !== OID.rsaEncryption || !digestAlgorithm.digest) return signatureAlgorithm;
  return {
    ...signatureAlgorithm,
    digest: digestAlgorithm.digest,
    name: `RSA with ${digestAlgorithm.digest}`,
  };
}

function verifying(
  algorithm: SignatureAlgorithm,
  data: Uint8Array,
  signature: Uint8Array,
  named: readonly Certificate[],
): Certificate[] {
  return named.filter((certificate) => {
    const key = publicKeyOf(certificate);
    return key !== undefined && verifySignature(algorithm, data, signature, key);
  });
}

function publicKeyOf(certificate: Certificate): Certificate['publicKey'] | undefined {
  try {
    return certificate.publicKey;
  } catch (error) {
    // A key that cannot be loaded verifies nothing.
    if (error instanceof PkiError || error instanceof CmsError) return undefined;
    throw error;
  }
}
