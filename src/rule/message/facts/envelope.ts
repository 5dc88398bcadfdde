/**
 * Facts of the encrypted layer of a message, for rules and for the judge of scenarios.
 *
 * @module
 */
import type { RecipientInfo } from '../../../cms/enveloped.ts';
import { textShape } from '../../../mail/canonical.ts';
import type { Entity } from '../../../mail/entity.ts';

/** What is wrong with the outer type (REQ-AS-10); a missing smime-type is no fault, only unkind. */
export function outerTypeFault(
  outer: Entity,
): { readonly expected: string; readonly found: string; readonly missing: boolean } | undefined {
  const { type, parameters } = outer.contentType;
  const kind = parameters['smime-type'];
  if (type !== 'application/pkcs7-mime')
    return { expected: 'application/pkcs7-mime', found: type, missing: false };
  const expected = 'smime-type=enveloped-data';
  if (kind === undefined) return { expected, found: 'no smime-type', missing: true };
  return kind.toLowerCase() === 'enveloped-data'
    ? undefined
    : { expected, found: `smime-type=${kind}`, missing: false };
}

/** Octets that a line may have (RFC 5322 §2.1.1), and that a line of Base64 should have at most. */
export const LINE = { most: 998, base64: 76 } as const;

/** Octets of the longest line of the envelope, without its line end. */
export const longestLine = (outer: Entity): number => textShape(outer.body).longest;

/** AES with 128, 192 or 256 bits in CBC mode (REQ-AS-22). */
export const isAllowedCipher = (name: string): boolean => /^aes(128|192|256)-cbc$/.test(name);

/** From then on a sender must use OAEP; before, it should (REQ-AS-24). ms since 1970 UTC. */
export const OAEP_SINCE = Date.UTC(2026, 0, 1);

/** How the content key travels to one recipient. */
export type KeyTravel =
  | { readonly kind: 'no-transport'; readonly algorithm: string }
  | { readonly kind: 'pkcs1' | 'unknown'; readonly algorithm: string }
  | { readonly kind: 'oaep'; readonly digest: string; readonly maskDigest: string };

export function keyTravel(recipient: RecipientInfo): KeyTravel {
  if (recipient.kind !== 'key-transport') return { kind: 'no-transport', algorithm: recipient.kind };
  const { name, scheme, digest, maskDigest } = recipient.transport;
  return scheme === 'oaep'
    ? { kind: scheme, digest: digest ?? 'none', maskDigest: maskDigest ?? 'none' }
    : { kind: scheme, algorithm: name };
}
