/**
 * Which anchors a domain trusts, in which direction, and where each came from (hisp-behaviour §1, REQ-AS-28, -33).
 *
 * @module
 */

import type { Certificate } from '../pki/certificate.ts';
import type { Anchor } from '../pki/path/anchor.ts';

export type AnchorDirection = 'incoming' | 'outgoing';

/** One anchor of one domain. The same certificate may stand here several times, from several sources. */
export interface AnchorEntry {
  /** The domain that trusts it, lower case. */
  readonly domain: string;
  readonly anchor: Anchor;
  readonly incoming: boolean;
  readonly outgoing: boolean;
}

/** The anchors of a domain for one direction. */
export type AnchorSource = (domain: string, direction: AnchorDirection) => readonly Anchor[];

/** The anchor that a CA certificate stands for: its name and key (wire-facts §10). `source`: bundle id or `manual`. */
export function anchorOf(certificate: Certificate, source: string): Anchor {
  return { name: certificate.subject, spki: certificate.spki, certificate, source };
}

/** An anchor source over a list that stays as it is. */
export function anchorSets(entries: readonly AnchorEntry[]): AnchorSource {
  const sets = new Map<string, Anchor[]>();
  for (const entry of entries) {
    for (const direction of ['incoming', 'outgoing'] as const) {
      if (!entry[direction]) continue;
      const key = `${direction} ${entry.domain.toLowerCase()}`;
      sets.set(key, [...(sets.get(key) ?? []), entry.anchor]);
    }
  }
  return (domain, direction) => sets.get(`${direction} ${domain.toLowerCase()}`) ?? [];
}

/** The different sources of a set of anchors, in their order. */
export const anchorSourceNames = (anchors: readonly Anchor[]): string[] => [
  ...new Set(anchors.map((anchor) => anchor.source)),
];
