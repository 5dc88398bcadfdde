/**
 * Looks an address up as one of the network's HISPs would, and decides as it would.
 *
 * @module
 */
import type { Found } from '../../../web/present/address.ts';
import { decideRecipient } from '../../agent/recipient.ts';
import { referenceAgent } from '../../agent/reference.ts';
import { type AgentContext, defaultPolicy } from '../../agent/types.ts';
import { namesOf, openSearch } from '../../discovery/resolve.ts';
import { createResolver, type Resolver } from '../../dns/client.ts';
import { createFetcher } from '../../http/fetch.ts';
import type { Host } from '../../net/host.ts';
import { createRevocationCache } from '../../pki/revocation.ts';
import { type AnchorEntry, type AnchorSource, anchorSets } from '../../trust/anchors.ts';

/** `from`: whose anchors decide; without it only the search is done. */
export type LookUp = (address: string, from: string | undefined) => Promise<Found>;

/**
 * What an agent of this network may use of the world, without keys of its own.
 *
 * @param allowed addresses beyond public ones that may be fetched from
 */
export function agentContext(
  host: Host,
  anchors: readonly AnchorEntry[] | AnchorSource,
  allowed: (address: string) => boolean,
): AgentContext & { readonly resolver: Resolver } {
  const resolver = createResolver(host);
  const resolve = async (name: string): Promise<string[]> => {
    const answers = await Promise.all([resolver.query(name, 'A'), resolver.query(name, 'AAAA')]);
    return answers.flatMap(({ records }) =>
      records.flatMap(({ data }) => (data.type === 'A' || data.type === 'AAAA' ? data.address : [])),
    );
  };
  return {
    host,
    resolver,
    fetcher: createFetcher(host, { resolve, allowPrivate: allowed }),
    keys: () => [],
    anchors: typeof anchors === 'function' ? anchors : anchorSets(anchors),
    policy: () => defaultPolicy,
    cache: { revocation: createRevocationCache(), issuers: new Map() },
  };
}

export function createLookUp(context: ReturnType<typeof agentContext>): LookUp {
  const { host, resolver } = context;
  return async (address, from) => {
    const started = host.mono();
    if (from === undefined) {
      const discovery = await openSearch(
        host,
        address,
        referenceAgent.discovery,
        resolver,
        context.fetcher,
      ).next();
      return { discovery, ms: host.mono() - started };
    }
    const { discovery, decision } = await decideRecipient(from, address, context, referenceAgent);
    return { discovery, decision, ms: host.mono() - started };
  };
}

/** Whether this can be looked up at all: an address or a domain. */
export const isAddressOrDomain = (text: string): boolean => namesOf(text) !== undefined;
