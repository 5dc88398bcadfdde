/**
 * Making trust bundles (wire-facts §9.1, §9.2). The same input gives the same octets (REQ-TB-12).
 *
 * @module
 */
import { writePem } from '../../asn1/pem.ts';
import { encode, explicit, integer, octetString, oid, sequence, setOf } from '../../asn1/write.ts';
import { OID } from '../../cms/oids.ts';
import { type CmsSigner, signData, signDataAnywhere } from '../../cms/sign.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { BundleError } from './error.ts';
import { type Metadata, writeMetadata } from './metadata.ts';

export interface BundleSpec {
  /** In any order; doubles are left out. */
  readonly certificates: readonly Certificate[];
  /** Written with the list of the anchors, into the bundle itself. */
  readonly metadata?: Omit<Metadata, 'anchors'>;
}

/** Each certificate once, in the order of the octets. */
export const bundleOrder = (certificates: readonly Certificate[]): Certificate[] =>
  [...new Map(certificates.map((one) => [one.sha256, one])).values()].toSorted((a, b) =>
    Buffer.compare(a.der, b.der),
  );

/**
 * An unsigned bundle (`.p7b`) in DER.
 *
 * @throws {BundleError} `spec` when there is no certificate (REQ-TB-10)
 */
export function buildBundle(spec: BundleSpec): Uint8Array {
  const certificates = bundleOrder(spec.certificates);
  if (certificates.length === 0) throw new BundleError('spec', 'a bundle needs at least one anchor');
  const content = spec.metadata ? [explicit(0, octetString(writeMetadata(spec.metadata, certificates)))] : [];
  return sequence(
    oid(OID.signedData),
    explicit(
      0,
      sequence(
        integer(1),
        setOf(),
        sequence(oid(OID.data), ...content),
        encode(0xa0, ...certificates.map(({ der }) => der)),
        setOf(),
      ),
    ),
  );
}

/**
 * A signed bundle (`.p7m`) around an unsigned one. RSA with PKCS #1 v1.5 signs the same octets in the same way each
 * time; other keys make another file each time.
 *
 * @param signingTime ms since 1970 UTC; lets consumers tell an older bundle from a newer one
 */
export const signBundle = (bundle: Uint8Array, signer: CmsSigner, signingTime?: number): Uint8Array =>
  signData(bundle, [signer], {
    detached: false,
    ...(signingTime === undefined ? {} : { signingTime }),
  });

/** As `signBundle`, with a key that may be held elsewhere. */
export const signBundleAnywhere = (
  bundle: Uint8Array,
  signer: CmsSigner,
  signingTime?: number,
): Promise<Uint8Array> =>
  signDataAnywhere(bundle, [signer], {
    detached: false,
    ...(signingTime === undefined ? {} : { signingTime }),
  });

/** For consumers that want text. */
export const bundlePem = (bundle: Uint8Array): string => writePem('PKCS7', bundle);
