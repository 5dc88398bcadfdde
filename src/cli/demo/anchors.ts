/**
 * Which anchors each domain of a network trusts: those in the bundles of the communities that its HISP subscribes to,
 * and its HISP's own.
 *
 * @module
 */
import type { NetworkDefinition } from '../../config/network.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { Anchor } from '../../pki/path/anchor.ts';
import { type AnchorEntry, anchorOf } from '../../trust/anchors.ts';
import type { Material } from './material.ts';

/** The certificates in a community's bundle. */
export const bundleOf = (network: NetworkDefinition, material: Material, community: string): Certificate[] =>
  Object.entries(network.hisps)
    .filter(([, hisp]) => hisp.member.includes(community))
    .map(([id]) => material.get(id)!.root.certificate);

/** How the bundle of a community is named as the source of an anchor. */
export const bundleTitle = (network: NetworkDefinition, community: string): string =>
  `the ${network.communities[community]!.title} bundle`;

/** Where the bundle of a community stands: with its first member. Undefined when it has none, and so no bundle. */
export function bundleUrl(network: NetworkDefinition, community: string): string | undefined {
  const first = Object.values(network.hisps).find(({ member }) => member.includes(community));
  return first && `http://pki.${first.domain}/bundles/${community}.p7b`;
}

/** Each HISP's own anchor, for its own domains. */
export const ownEntries = (network: NetworkDefinition, material: Material): AnchorEntry[] =>
  network.organizations.map(({ domain, hisp }) => ({
    domain,
    anchor: ownAnchor(network, material, hisp),
    incoming: true,
    outgoing: true,
  }));

const ownAnchor = (network: NetworkDefinition, material: Material, hisp: string): Anchor =>
  anchorOf(material.get(hisp)!.root.certificate, `${network.hisps[hisp]!.title} itself`);

/** What the anchors of every domain come to: read from the material, for verbs that fetch no bundle. */
export function anchorEntries(network: NetworkDefinition, material: Material): AnchorEntry[] {
  const ofHisp = new Map(
    Object.entries(network.hisps).map(([id, hisp]) => {
      const own = ownAnchor(network, material, id);
      const taken = hisp.subscribes.flatMap((community) =>
        bundleOf(network, material, community)
          .filter((certificate) => certificate !== own.certificate)
          .map((certificate) => anchorOf(certificate, bundleTitle(network, community))),
      );
      return [id, [own, ...taken]];
    }),
  );
  return network.organizations.flatMap((one) =>
    ofHisp.get(one.hisp)!.map((anchor) => ({ domain: one.domain, anchor, incoming: true, outgoing: true })),
  );
}

/** Whether mail from one HISP is accepted at the other, and what stands in the way. */
export function reach(network: NetworkDefinition, from: string, to: string): { ok: boolean; why?: string } {
  const [a, b] = [network.hisps[from]!, network.hisps[to]!];
  const takes = (one: typeof a, other: typeof a) =>
    one.subscribes.some((name) => other.member.includes(name));
  const titles = b.member.map((name) => network.communities[name]!.title).join(', ') || 'no community';
  if (!takes(a, b)) return { ok: false, why: `${a.title} does not take the anchors of ${titles}` };
  if (!takes(b, a)) return { ok: false, why: `${b.title} would not trust the signature of ${a.title}` };
  return { ok: true };
}

/** What would let mail through from one HISP to the other, in the terms of the network. */
export function reachCure(network: NetworkDefinition, from: string, to: string): string | undefined {
  const [a, b] = [network.hisps[from], network.hisps[to]];
  if (!a || !b || reach(network, from, to).ok) return undefined;
  const title = (id: string) => network.communities[id]!.title;
  const subscribe = b.member.map((id) => `${a.title} subscribes to the bundle of the ${title(id)}`);
  const join = a.subscribes
    .filter((id) => !b.member.includes(id))
    .map((id) => `${b.title} becomes a member of the ${title(id)}`);
  return `${[...subscribe, ...join].join(', or ')}.`;
}
