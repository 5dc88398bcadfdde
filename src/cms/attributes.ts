/**
 * Signed attributes (RFC 5652 §5.3, §11).
 *
 * @module
 */
import { children, expect, isContext, type Node, raw, TAG } from '../asn1/read.ts';
import { readOctetString, readOid, readTime } from '../asn1/values.ts';
import { encode, setOf } from '../asn1/write.ts';
import { tooMany } from './error.ts';
import { OID } from './oids.ts';

export interface Attribute {
  readonly oid: string;
  /** How many values it has; the attributes that matter have exactly one. */
  readonly count: number;
  /** Complete octets of each value. */
  readonly values: readonly Uint8Array[];
  /** contentType only: the identifier. */
  readonly contentType?: string;
  /** messageDigest only. */
  readonly digest?: Uint8Array;
  /** signingTime only: milliseconds since 1970 UTC. */
  readonly time?: number;
  /** CMSAlgorithmProtection only (RFC 6211). */
  readonly protects?: { readonly digest: string; readonly signature: string | undefined };
}

const MAX_ATTRIBUTES = 100;

/** @throws {Asn1Error} @throws {CmsError} `limit` */
export function readAttributes(node: Node): Attribute[] {
  const list = children(node);
  if (list.length > MAX_ATTRIBUTES) throw tooMany('attributes', MAX_ATTRIBUTES);
  return list.map((attribute) => {
    const [type, set] = children(expect(attribute, TAG.sequence, 'attribute'));
    const oid = readOid(type, 'attribute type');
    const values = children(expect(set, TAG.set, 'attribute values'));
    return { oid, count: values.length, values: values.map(raw), ...known(oid, values[0]) };
  });
}

function known(oid: string, value: Node | undefined): Partial<Attribute> {
  if (!value) return {};
  switch (oid) {
    case OID.contentType:
      return { contentType: readOid(value, 'contentType') };
    case OID.messageDigest:
      return { digest: readOctetString(value, 'messageDigest') };
    case OID.signingTime:
      return { time: readTime(value, 'signingTime') };
    case OID.algorithmProtection:
      return { protects: protection(value) };
    default:
      return {};
  }
}

function protection(value: Node): NonNullable<Attribute['protects']> {
  const [digest, ...rest] = children(expect(value, TAG.sequence, 'CMSAlgorithmProtection'));
  const signature = rest.find((node) => isContext(node, 1));
  return {
    digest: readOid(children(expect(digest, TAG.sequence, 'protected digest'))[0]),
    signature: signature ? readOid(children(signature)[0], 'protected signature') : undefined,
  };
}

/**
 * The octets that were signed: the attributes under the tag of a SET instead of `[0]` (RFC 5652 §5.4). First in the
 * order in which they stand; second sorted as DER asks, for signers that sort only what they hash. One element when
 * both are the same.
 */
export function signedForms(rawAttributes: Uint8Array, attributes: Node): Uint8Array[] {
  const list = children(attributes).map(raw);
  const standing = attributes.indefinite ? encode(0x31, ...list) : Uint8Array.from(rawAttributes);
  standing[0] = 0x31;
  const sorted = setOf(...list);
  return Buffer.compare(standing, sorted) === 0 ? [sorted] : [standing, sorted];
}
