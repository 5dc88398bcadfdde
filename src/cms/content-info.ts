/**
 * ContentInfo, the outermost layer of every CMS object (RFC 5652 §3).
 *
 * @module
 */
import { children, expect, isContext, type Node, readAsn1, TAG } from '../asn1/read.ts';
import { readOid } from '../asn1/values.ts';
import { CmsError, reading } from './error.ts';
import { OID } from './oids.ts';

export interface ContentInfo {
  /** Dotted decimal. */
  readonly type: string;
  readonly content: Node;
  /** Octets behind the object that are not one line end. */
  readonly trailing: number;
}

/** @throws {CmsError} `structure`, `limit` */
export function readContentInfo(bytes: Uint8Array): ContentInfo {
  return reading('ContentInfo', () => {
    const outer = expect(readAsn1(bytes, { trailing: 'allow' }), TAG.sequence, 'ContentInfo');
    const [type, wrapper] = children(outer);
    const inner = wrapper && isContext(wrapper, 0) ? children(wrapper)[0] : undefined;
    if (!inner) throw new CmsError('structure', 'ContentInfo without content');
    return {
      type: readOid(type, 'content type'),
      content: inner,
      trailing: trailingOctets(bytes, outer.end),
    };
  });
}

/** Up to two line-end octets behind the object are none (wire-facts §15). */
function trailingOctets(bytes: Uint8Array, end: number): number {
  const rest = bytes.length - end;
  return rest <= 2 && bytes.subarray(end).every((octet) => octet === 10 || octet === 13) ? 0 : rest;
}

export type CmsKind = 'signed' | 'enveloped' | 'auth-enveloped' | 'other';

/** What the octets are by themselves, for messages whose content type does not say. @throws {CmsError} */
export function cmsKind(bytes: Uint8Array): CmsKind {
  switch (readContentInfo(bytes).type) {
    case OID.signedData:
      return 'signed';
    case OID.envelopedData:
      return 'enveloped';
    case OID.authEnvelopedData:
      return 'auth-enveloped';
    default:
      return 'other';
  }
}
