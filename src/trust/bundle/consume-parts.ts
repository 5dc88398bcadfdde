/**
 * What a consumer of bundles is made of, from the answer of the server to the anchors that count. Each part stands
 * alone, so that a peer can have another one in its place.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import type { FetchLimits, FetchResult } from '../../http/fetch.ts';
import { type Cause, cause } from '../../outcome/cause.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { formatName } from '../../pki/name.ts';
import { keyIsStrong, keyName } from '../../pki/path/strength.ts';
import { BundleError } from './error.ts';
import { lintBundle } from './lint.ts';
import type { BundleNote } from './note.ts';
import { BUNDLE_LIMITS } from './packing.ts';
import { type Bundle, readBundle } from './read.ts';
import { type ChangeRules, referenceRules } from './rules.ts';
import type { AnchorSet, BundleInput } from './state.ts';
import type { Subscription } from './subscription.ts';

/** For the fetcher of bundles (hisp-behaviour §10). */
export const BUNDLE_FETCH = {
  maxBytes: BUNDLE_LIMITS.octets,
  totalMs: 30_000,
  redirects: 3,
} as const satisfies FetchLimits;

/** What the answer of a server comes to. */
export type Answered =
  | { readonly kind: 'unchanged' }
  | {
      readonly kind: 'body';
      readonly bytes: Uint8Array;
      readonly etag?: string;
      readonly lastModified?: string;
    }
  | { readonly kind: 'failed'; readonly cause: Cause };

export interface ConsumeParts {
  readonly answer: (result: FetchResult, one: Subscription) => Answered;
  /** @throws {BundleError} */
  readonly read: (bytes: Uint8Array, one: Subscription, at: number) => Bundle;
  readonly lint: (bundle: Bundle, one: Subscription, at: number) => readonly BundleNote[];
  /** Why a certificate of the bundle is listed but no anchor; undefined: it is one. */
  readonly inactive: (certificate: Certificate, one: Subscription) => Cause | undefined;
  readonly rules: ChangeRules;
}

export const referenceConsumer: ConsumeParts = {
  answer: answered,
  read: (bytes, { pins, url }, at) => readBundle(bytes, { pins, at, url }),
  lint: (bundle, { url, profile }, at) => lintBundle(bundle, { at, url, profile }),
  inactive,
  rules: referenceRules,
};

function answered(result: FetchResult, { url }: Subscription): Answered {
  if (!result.ok) return { kind: 'failed', cause: fetchCause(result, url) };
  if (result.status === 304) return { kind: 'unchanged' };
  if (result.status !== 200)
    return { kind: 'failed', cause: cause('bundle.http-status', { url, status: result.status }) };
  const { etag, 'last-modified': lastModified } = result.headers;
  return {
    kind: 'body',
    bytes: result.body,
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
  };
}

function fetchCause(result: FetchResult & { ok: false }, url: string): Cause {
  const { code, status, why } = result;
  if (code === 'status' && (status === 404 || status === 410)) return cause('bundle.not-found', { url });
  if (code === 'status' && status !== undefined) return cause('bundle.http-status', { url, status });
  switch (code) {
    case 'resolve':
      return cause('bundle.not-found', { url });
    case 'timeout':
      return cause('bundle.timeout', { url });
    case 'too-large':
    case 'encoding':
    case 'media-type':
      return cause('bundle.format', { why });
    default:
      return cause('bundle.unreachable', { url, why });
  }
}

/**
 * An anchor that can never be a good one. Its validity is judged with every decision, where it has a reason of its own
 * (`trust.anchor-expired`).
 */
function inactive(certificate: Certificate, { allowed, profile }: Subscription): Cause | undefined {
  const { key, keyUsage, isCa, sha256 } = certificate;
  if (!keyIsStrong(key, profile)) return cause('cert.weak-key', { bits: key.bits, algorithm: keyName(key) });
  if (allowed.includes(sha256)) return undefined;
  const subject = formatName(certificate.subject);
  if (!isCa) return cause('trust.constraint', { which: 'it is no CA certificate', subject });
  return keyUsage && !keyUsage.has('keyCertSign')
    ? cause('trust.constraint', { which: 'its key may not sign certificates', subject })
    : undefined;
}

/** What an answer means for a subscription. @param at ms since 1970 UTC */
export function inputOf(
  result: FetchResult,
  one: Subscription,
  at: number,
  parts: ConsumeParts = referenceConsumer,
): BundleInput {
  const answer = parts.answer(result, one);
  if (answer.kind !== 'body') return answer;
  try {
    return { kind: 'fetched', set: anchorSet(answer, one, at, parts) };
  } catch (error) {
    if (error instanceof BundleError) return { kind: 'failed', cause: error.reason };
    throw error;
  }
}

/**
 * The octets of a bundle as the set of a subscription, verified against its pins.
 *
 * @throws {BundleError}
 */
export function anchorSet(
  from: { readonly bytes: Uint8Array; readonly etag?: string; readonly lastModified?: string },
  one: Subscription,
  at: number,
  parts: ConsumeParts = referenceConsumer,
): AnchorSet {
  const bundle = parts.read(from.bytes, one, at);
  // only what a pinned signer says is worth comparing
  const signingTime = bundle.signature?.pin ? bundle.signature.signingTime : undefined;
  return {
    sha256: createHash('sha256').update(from.bytes).digest('hex'),
    bytes: from.bytes,
    certificates: [...new Map(bundle.certificates.map((anchor) => [anchor.sha256, anchor])).values()],
    notes: parts.lint(bundle, one, at),
    fetchedAt: at,
    ...(from.etag === undefined ? {} : { etag: from.etag }),
    ...(from.lastModified === undefined ? {} : { lastModified: from.lastModified }),
    ...(signingTime === undefined ? {} : { signingTime }),
  };
}
