/**
 * A change of trust that is not made yet: what the anchors and the policies would be after it.
 *
 * @module
 */
import type { Certificate } from '../../pki/certificate.ts';
import { type AnchorDirection, type AnchorEntry, anchorOf } from '../anchors.ts';
import type { SubscribedDomain } from '../bundle/subscription.ts';
import type { Profile, RevocationPolicy } from '../decision.ts';

export interface TrustPolicy {
  readonly profile: Profile;
  readonly revocation: RevocationPolicy;
}

/** Who trusts what, by which policy, at one time. */
export interface TrustState {
  readonly entries: readonly AnchorEntry[];
  /** Of a domain, lower case. */
  readonly policy: (domain: string) => TrustPolicy;
}

export type TrustChange =
  /** Another set of anchors in a bundle. */
  | {
      readonly kind: 'bundle';
      /** As anchors of the bundle are marked. */
      readonly source: string;
      /** Who subscribes. */
      readonly domains: readonly SubscribedDomain[];
      /** The anchors of the new set, without those that could not count. */
      readonly after: readonly Certificate[];
    }
  | {
      readonly kind: 'anchor';
      readonly what: 'add' | 'remove';
      readonly certificate: Certificate;
      readonly domains: readonly string[];
      readonly directions: readonly AnchorDirection[];
    }
  | { readonly kind: 'policy'; readonly domains: readonly string[]; readonly policy: Partial<TrustPolicy> };

/** The state after a change. The state before stays as it is. */
export function changed(state: TrustState, change: TrustChange): TrustState {
  switch (change.kind) {
    case 'bundle':
      return { ...state, entries: withBundle(state.entries, change) };
    case 'anchor':
      return {
        ...state,
        entries:
          change.what === 'add' ? withAnchor(state.entries, change) : withoutAnchor(state.entries, change),
      };
    case 'policy': {
      const domains = new Set(change.domains);
      return {
        ...state,
        policy: (domain) =>
          domains.has(domain) ? { ...state.policy(domain), ...change.policy } : state.policy(domain),
      };
    }
  }
}

function withBundle(
  entries: readonly AnchorEntry[],
  { source, domains, after }: Extract<TrustChange, { kind: 'bundle' }>,
): AnchorEntry[] {
  const subscribed = new Set(domains.map(({ domain }) => domain));
  const others = entries.filter(({ anchor, domain }) => anchor.source !== source || !subscribed.has(domain));
  const anchors = after.map((certificate) => anchorOf(certificate, source));
  return [...others, ...domains.flatMap((one) => anchors.map((anchor) => ({ ...one, anchor })))];
}

type AnchorChange = Extract<TrustChange, { kind: 'anchor' }>;

function withAnchor(
  entries: readonly AnchorEntry[],
  { certificate, domains, directions }: AnchorChange,
): AnchorEntry[] {
  const anchor = anchorOf(certificate, 'set by hand');
  const [incoming, outgoing] = [directions.includes('incoming'), directions.includes('outgoing')];
  return [...entries, ...domains.map((domain) => ({ domain, anchor, incoming, outgoing }))];
}

/** From every source: what is still in a bundle would otherwise go on to count. */
function withoutAnchor(
  entries: readonly AnchorEntry[],
  { certificate, domains, directions }: AnchorChange,
): AnchorEntry[] {
  const concerned = new Set(domains);
  return entries.flatMap((entry) => {
    if (!concerned.has(entry.domain) || entry.anchor.certificate?.sha256 !== certificate.sha256)
      return [entry];
    const left = {
      ...entry,
      incoming: entry.incoming && !directions.includes('incoming'),
      outgoing: entry.outgoing && !directions.includes('outgoing'),
    };
    return left.incoming || left.outgoing ? [left] : [];
  });
}

/** The anchors of a domain for a direction, each certificate once: what decides, whatever the sources are called. */
export function anchorsFor(
  entries: readonly AnchorEntry[],
): (domain: string, direction: AnchorDirection) => readonly AnchorEntry['anchor'][] {
  const sets = new Map<string, Map<string, AnchorEntry['anchor']>>();
  for (const entry of entries) {
    for (const direction of ['incoming', 'outgoing'] as const) {
      if (!entry[direction]) continue;
      const key = `${direction} ${entry.domain}`;
      const set = sets.get(key) ?? new Map();
      const id = entry.anchor.certificate?.sha256 ?? Buffer.from(entry.anchor.spki).toString('hex');
      if (!set.has(id)) sets.set(key, set.set(id, entry.anchor));
    }
  }
  return (domain, direction) => [...(sets.get(`${direction} ${domain}`)?.values() ?? [])];
}
