/**
 * Explains, for two addresses, what a network knows of both: its own organizations' anchors and keys, and what anybody
 * can look up.
 *
 * @module
 */
import type { AgentContext, KeySource } from '../../agent/types.ts';
import { addressesOf, type NetworkDefinition } from '../../config/network.ts';
import { examine, type Side } from '../../hisp/examine.ts';
import { addressKey, parseAddress } from '../../mail/address.ts';
import { anchorOf } from '../../trust/anchors.ts';
import { explain } from '../../trust/explain/explain.ts';
import type { AnchorPlace } from '../../trust/explain/facts.ts';
import type { Explanation } from '../../trust/explain/schema.ts';
import { bundleOf } from './anchors.ts';
import type { Material } from './material.ts';

export type Explain = (from: string, to: string) => Promise<Explanation>;

/** Of a network: what it knows that others do not. */
export interface OwnNetwork {
  readonly network: NetworkDefinition;
  readonly material: Material;
  /** Members that the network's definition does not know. */
  readonly added?: {
    readonly serves: (domain: string) => boolean;
    readonly exists: (address: string) => boolean;
    readonly keys: KeySource;
  };
}

/**
 * @param own missing when only the anchors in `context` are known
 * @param known whether the anchors of a domain are known though it is not of the network
 * @param places bundles that are known here, with their anchors; by default those of the network's definition
 */
export function createExplain(
  context: AgentContext,
  own: OwnNetwork | undefined,
  known: (domain: string) => boolean = () => false,
  places: () => readonly AnchorPlace[] = own ? () => bundles(own) : () => [],
): Explain {
  const mailboxes = new Set(own ? addressesOf(own.network).map(({ address }) => address) : []);
  const domains = new Set(own?.network.organizations.map(({ domain }) => domain));
  const added = own?.added;
  const agent: AgentContext = { ...context, keys: own ? keysOf(own) : () => [] };
  const side = (address: string): Side => {
    const key = addressKey(address);
    const domain = key.slice(key.lastIndexOf('@') + 1);
    if (domains.has(domain) || added?.serves(domain)) {
      const untagged = key.replace(/\+[^@]*@/, '@');
      const exists =
        mailboxes.has(key) ||
        mailboxes.has(untagged) ||
        key === `postmaster@${domain}` ||
        added?.exists(key) === true;
      return { address: key, agent, keys: true, exists };
    }
    return known(domain) ? { address: key, agent, keys: false } : { address: key, keys: false };
  };
  return async (from, to) =>
    explain(await examine(side(from), side(to), { ...context, elsewhere: places() }));
}

const keysOf = ({ material, added }: OwnNetwork): KeySource => {
  const leaves = new Map([...material.values()].flatMap((hisp) => [...hisp.leaves]));
  return (owner, purpose) => {
    const leaf = leaves.get(owner);
    const held = leaf ? [] : (added?.keys(owner, purpose) ?? []);
    return leaf ? [{ certificate: leaf.certificate, privateKey: leaf.key.privateKey }] : held;
  };
};

/** The bundles of a network, with the anchors in each. */
export const bundles = ({ network, material }: OwnNetwork): AnchorPlace[] =>
  Object.entries(network.communities).flatMap(([id, { title }]) => {
    const source = `the ${title} bundle`;
    return bundleOf(network, material, id).map((certificate) => ({
      anchor: anchorOf(certificate, source),
      source,
    }));
  });

/** Why this cannot be explained; undefined when it can. */
export function unfit(address: string, which: string): string | undefined {
  if (address.trim() === '') return `the ${which} is missing`;
  return parseAddress(address) ? undefined : `“${address}” is not a Direct address (the ${which})`;
}
