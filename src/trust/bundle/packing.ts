/**
 * From the octets of a file to the CMS object in it: DER, BER, or PEM with any of the labels met (REQ-TB-04). What a
 * file is, its structure says and never its name or media type (REQ-TB-16).
 *
 * @module
 */
import { Asn1Error } from '../../asn1/error.ts';
import { readPem } from '../../asn1/pem.ts';
import { children, is, isContext, type Node, readAsn1, TAG } from '../../asn1/read.ts';
import { sequence } from '../../asn1/write.ts';
import { CmsError } from '../../cms/error.ts';
import { readSigned, type SignedData } from '../../cms/signed.ts';
import { BundleError, notABundle, tooLarge } from './error.ts';

export const BUNDLE_LIMITS = {
  /** hisp-behaviour §10. */
  octets: 8 << 20,
  certificates: 5000,
  /** ASN.1 values outside the certificates: what a hostile file can make us list. */
  values: 100_000,
} as const;

export type Encoding = 'DER' | 'BER' | 'PEM';

/** What a file is: one CMS object, or PEM certificates one after another. */
export type Packed =
  | { readonly kind: 'signed-data'; readonly encoding: Encoding; readonly signed: SignedData }
  | { readonly kind: 'certificates'; readonly encoding: 'PEM'; readonly certificates: readonly Uint8Array[] };

/** @throws {BundleError} `format`, `limit` */
export function unpack(bytes: Uint8Array): Packed {
  if (bytes.length > BUNDLE_LIMITS.octets) throw tooLarge('octets', BUNDLE_LIMITS.octets);
  if (bytes.length === 0) throw notABundle('there is not one octet in it');
  if (bytes[0] === 0x30) return signedData(bytes, bytes[1] === 0x80 ? 'BER' : 'DER');
  // what PKCS #7 writers put without its SEQUENCE into content of type signed-data (RFC 5652 §5.2.1)
  if (bytes[0] === 0x06) return signedData(sequence(bytes), 'DER');
  return unpackPem(bytes);
}

function unpackPem(bytes: Uint8Array): Packed {
  const text = Buffer.from(bytes).toString('latin1');
  const blocks = readPem(text);
  const objects = blocks.filter(({ label }) => /^(PKCS7|CMS|PKCS #7 SIGNED DATA)$/.test(label));
  if (objects.length > 1) throw notABundle(`${objects.length} PEM objects in one file`);
  if (objects[0]) return signedData(objects[0].bytes, 'PEM');
  const certificates = blocks.filter(({ label }) => /^(X509 )?CERTIFICATE$/.test(label));
  if (certificates.length > BUNDLE_LIMITS.certificates)
    throw tooLarge('certificates', BUNDLE_LIMITS.certificates);
  if (certificates.length > 0)
    return { kind: 'certificates', encoding: 'PEM', certificates: certificates.map((block) => block.bytes) };
  throw notABundle(whatItIs(text));
}

function whatItIs(text: string): string {
  const start = text.slice(0, 2000).trimStart();
  if (/^(\ufeff|ï»¿)?\s*<(!doctype html|html|head|body)/i.test(start)) return 'it is a web page';
  if (start.startsWith('<')) return 'it is XML';
  if (start.includes('-----BEGIN')) return 'it is PEM without a complete bundle or certificate in it';
  return 'it is neither DER nor PEM';
}

function signedData(bytes: Uint8Array, encoding: Encoding): Packed {
  try {
    bound(bytes);
    return { kind: 'signed-data', encoding, signed: readSigned(bytes) };
  } catch (error) {
    if (error instanceof CmsError) {
      throw new BundleError(error.code === 'limit' ? 'limit' : 'format', error.message, undefined, {
        cause: error,
      });
    }
    if (error instanceof Asn1Error) {
      throw new BundleError(error.code === 'nodes' ? 'limit' : 'format', error.message, undefined, {
        cause: error,
      });
    }
    throw error;
  }
}

/**
 * Lists the values above the certificates once within a budget, before the general reader lists them without one.
 *
 * @throws {Asn1Error} @throws {BundleError}
 */
function bound(bytes: Uint8Array): void {
  const outer = readAsn1(bytes, { trailing: 'allow', nodes: BUNDLE_LIMITS.values });
  const [type, wrapper] = outer.constructed ? children(outer) : [];
  if (is(type, TAG.sequence)) throw notABundle('it is a single certificate, not a bundle');
  const pending: { readonly node: Node | undefined; readonly depth: number }[] = [
    { node: wrapper, depth: 0 },
  ];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, depth } = next;
    if (!node?.constructed) continue;
    const kids = children(node);
    // [0] of SignedData: the certificates; their insides are nobody's business here
    if (depth === 2 && isContext(node, 0)) {
      if (kids.length > BUNDLE_LIMITS.certificates)
        throw tooLarge('certificates', BUNDLE_LIMITS.certificates);
      continue;
    }
    if (depth < 8) for (const kid of kids) pending.push({ node: kid, depth: depth + 1 });
  }
}
