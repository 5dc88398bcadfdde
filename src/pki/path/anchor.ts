/**
 * What is trusted without proof: a name and a key from configuration (RFC 5280 §6.1.1 d; REQ-AS-33).
 *
 * @module
 */
import type { Certificate } from '../certificate.ts';
import { type Name, sameName } from '../name.ts';

export interface Anchor {
  readonly name: Name;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  /** The certificate that brought name and key; its validity and its constraints count when it is here. */
  readonly certificate?: Certificate;
  /** Bundle id, or `manual`. */
  readonly source: string;
  /** An end entity that the operator trusts as it stands: exactly this certificate, and nothing issued by it. */
  readonly pinned?: boolean;
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Whether the certificate has the anchor's name and key: then it is the anchor, and does not need one. */
export const isAnchor = (certificate: Certificate, anchor: Anchor): boolean =>
  sameName(certificate.subject, anchor.name) && sameBytes(certificate.spki, anchor.spki);

/** Whether the certificate is, octet for octet, an end entity that the operator pinned. */
export const isPinned = (certificate: Certificate, anchor: Anchor): boolean =>
  anchor.pinned === true && anchor.certificate?.sha256 === certificate.sha256;
