/**
 * Which bundle a HISP takes anchors from: where, how often, by whose signature, for which domains (REQ-TB-08, -15).
 *
 * @module
 */
import type { Profile } from '../../pki/path/input.ts';
import { BundleError } from './error.ts';
import type { Pin } from './signature.ts';

/** A domain that trusts the bundle's anchors, for mail that it receives, sends, or both. */
export interface SubscribedDomain {
  readonly domain: string;
  readonly incoming: boolean;
  readonly outgoing: boolean;
}

export interface Subscription {
  /** A short name; also the name of its folder. */
  readonly id: string;
  /** For people. */
  readonly title: string;
  readonly url: string;
  /** Between two refreshes; 0: only when asked to. */
  readonly intervalMs: number;
  readonly pins: readonly Pin[];
  readonly domains: readonly SubscribedDomain[];
  /** Whether a bundle that was replaced before is held back, or only told of. */
  readonly replay: 'hold' | 'alarm';
  /** SHA-256 of anchors that are taken although they are no CA: named one by one (REQ-TB-17). */
  readonly allowed: readonly string[];
  /** Floors for the keys of anchors. */
  readonly profile: Profile;
}

export interface SubscriptionSpec {
  readonly id: string;
  readonly title?: string;
  readonly url: string;
  /** Default a day; at least five minutes; 0 or less: only when asked to. */
  readonly intervalMs?: number;
  readonly pins?: readonly Pin[];
  readonly domains?: readonly SubscribedDomain[];
  /** Default `hold`. */
  readonly replay?: Subscription['replay'];
  readonly allowed?: readonly string[];
  readonly profile?: Profile;
  /** Take it by plain http and without a pinned signer all the same: for test networks. */
  readonly unauthenticated?: boolean;
}

const MINUTE = 60_000;
export const DEFAULT_INTERVAL = 24 * 60 * MINUTE;
const SHORTEST_INTERVAL = 5 * MINUTE;

/**
 * A subscription with its defaults (hisp-behaviour §10).
 *
 * @throws {BundleError} `spec`: a bad id or URL, or a bundle that nothing authenticates (REQ-TB-07)
 */
export function subscription(spec: SubscriptionSpec): Subscription {
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(spec.id))
    throw new BundleError('spec', `"${spec.id}" is no short name of a-z, 0-9 and hyphen`);
  if (!URL.canParse(spec.url) || !/^https?:/i.test(spec.url))
    throw new BundleError('spec', `"${spec.url}" is no http or https URL`);
  const pins = spec.pins ?? [];
  if (/^http:/i.test(spec.url) && pins.length === 0 && !spec.unauthenticated) {
    throw new BundleError(
      'spec',
      `${spec.url} is plain http and no signer is pinned: anybody on the way could add an anchor. Use https, pin the signer, or allow it for a test network`,
    );
  }
  const wanted = spec.intervalMs ?? DEFAULT_INTERVAL;
  return {
    id: spec.id,
    title: spec.title ?? spec.id,
    url: spec.url,
    intervalMs: wanted <= 0 ? 0 : Math.max(SHORTEST_INTERVAL, wanted),
    pins,
    domains: (spec.domains ?? []).map((one) => ({ ...one, domain: one.domain.toLowerCase() })),
    replay: spec.replay ?? 'hold',
    allowed: spec.allowed ?? [],
    profile: spec.profile ?? '1.3',
  };
}
