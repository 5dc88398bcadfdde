/**
 * Digest algorithms of signatures: identifiers and micalg tokens.
 *
 * @module
 */
import { children, expect, type Node, TAG } from '../asn1/read.ts';
import { readOid } from '../asn1/values.ts';
import { nullValue, oid, sequence } from '../asn1/write.ts';
import { DIGEST_OID, type Digest, digestOf } from '../pki/algorithms.ts';

export type { Digest };

export interface DigestAlgorithm {
  readonly oid: string;
  /** Undefined when we do not have it. */
  readonly digest: Digest | undefined;
}

/** Parameters absent or NULL, both are met (RFC 5754 §2). @throws {Asn1Error} */
export function readDigestAlgorithm(node: Node | undefined): DigestAlgorithm {
  const type = readOid(children(expect(node, TAG.sequence, 'digest algorithm'))[0], 'digest algorithm');
  return { oid: type, digest: digestOf(type) };
}

/** Without parameters for the SHA-2 family, with NULL for the old ones (RFC 5754 §2, RFC 3370 §2). */
const WRITTEN: Readonly<Record<Digest, Uint8Array>> = {
  md5: sequence(oid(DIGEST_OID.md5), nullValue()),
  sha1: sequence(oid(DIGEST_OID.sha1), nullValue()),
  sha256: sequence(oid(DIGEST_OID.sha256)),
  sha384: sequence(oid(DIGEST_OID.sha384)),
  sha512: sequence(oid(DIGEST_OID.sha512)),
};

export const digestAlgorithm = (digest: Digest): Uint8Array => WRITTEN[digest];

const MICALG: Readonly<Record<Digest, string>> = {
  md5: 'md5',
  sha1: 'sha-1',
  sha256: 'sha-256',
  sha384: 'sha-384',
  sha512: 'sha-512',
};

/** The token for `multipart/signed; micalg=…` (RFC 8551 §3.5.3.2). */
export const micalgToken = (digest: Digest): string => MICALG[digest];

/** The digest that a token means, in any of the spellings met (`sha256`, `SHA-256`); undefined when unknown. */
export function digestOfMicalg(token: string): Digest | undefined {
  const plain = token.toLowerCase().replace(/[^a-z0-9]/g, '');
  return (Object.keys(MICALG) as Digest[]).find((digest) => digest === plain);
}
