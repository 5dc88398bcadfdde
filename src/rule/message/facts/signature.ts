/**
 * Facts of the signed layer of a message, for rules and for the judge of scenarios.
 *
 * @module
 */
import { digestOfMicalg } from '../../../cms/digests.ts';
import type { SignedData } from '../../../cms/signed.ts';
import type { Entity } from '../../../mail/entity.ts';
import type { Certificate } from '../../../pki/certificate.ts';
import type { Difference } from './header.ts';
import type { Signature } from './layers.ts';

/** Digests that a signature may have (REQ-AS-19). */
const STRONG: readonly string[] = ['sha256', 'sha384', 'sha512'];

/** Names, else identifiers, of the content digests that were used, each once. */
export const digestsOf = ({ signers }: SignedData): string[] => [
  ...new Set(signers.map(({ digestAlgorithm }) => digestAlgorithm.digest ?? digestAlgorithm.oid)),
];

/** Digests of content or signature that are not good enough (REQ-AS-19). */
export function weakDigests(signed: SignedData): string[] {
  const own = signed.signers.flatMap(({ signatureAlgorithm }) => signatureAlgorithm.digest ?? []);
  return [...new Set([...digestsOf(signed), ...own])].filter((digest) => !STRONG.includes(digest));
}

/** How micalg differs from the digests that were used (REQ-AS-09); of an opaque signature nothing. */
export function micalgFault({ signed, detached }: Signature): Difference | undefined {
  if (!detached) return undefined;
  const used = digestsOf(signed);
  const told = detached.micalg.map((token) => digestOfMicalg(token) ?? token);
  const agrees = used.every((digest) => told.includes(digest)) && told.every((one) => used.includes(one));
  return agrees
    ? undefined
    : { what: 'micalg', expected: used.join(', '), found: detached.micalg.join(', ') || 'none' };
}

export const SIGNATURE_TYPE = 'application/pkcs7-signature';

/** Whether the protocol parameter of `multipart/signed` is the one of S/MIME. */
export const namesProtocol = ({ contentType }: Entity): boolean =>
  contentType.parameters['protocol']?.toLowerCase() === SIGNATURE_TYPE;

/** Whether one of the certificate's names is this address or its domain (REQ-AS-04, -08). */
export function bindsTo(
  { emails, dnsNames }: Pick<Certificate, 'emails' | 'dnsNames'>,
  address: string,
): boolean {
  const names = [...emails, ...dnsNames].map((name) => name.toLowerCase());
  return names.includes(address) || names.includes(address.slice(address.lastIndexOf('@') + 1));
}
