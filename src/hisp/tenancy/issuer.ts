/**
 * The seam to the authority of a HISP: whoever runs the HISP says where certificates come from.
 *
 * @module
 */
import type { KeyObject } from 'node:crypto';
import type { Certificate } from '../../pki/certificate.ts';

/** What an authority is asked for. */
export interface CertificateOrder {
  /** Address or domain, lower case. */
  readonly owner: string;
  readonly kind: 'address' | 'domain';
  /** Name of the organization. */
  readonly organization: string;
  /** Name of the person, or the domain. */
  readonly title: string;
  readonly purpose: 'dual' | 'sign' | 'encrypt';
}

/** The authority of a HISP. */
export interface Issuer {
  /** Its certificate; the uses of its key are counted under it. */
  readonly authority: Certificate;
  /** Makes a key and a certificate for it, and keeps neither. */
  issue(
    order: CertificateOrder,
  ): Promise<{ readonly certificate: Certificate; readonly privateKey: KeyObject }>;
}
