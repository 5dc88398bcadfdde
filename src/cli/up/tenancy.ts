/**
 * The members of a HISP of the network: from its file at the first start, from its store ever after.
 *
 * @module
 */
import type { Config } from '../../config/schema.ts';
import { createResolver } from '../../dns/client.ts';
import type { EnrollmentSeams } from '../../hisp/enrollment/world.ts';
import type { Hisp } from '../../hisp/hisp.ts';
import { domainNamed } from '../../hisp/members.ts';
import { openHeldKeys } from '../../hisp/tenancy/held-keys.ts';
import type { Issuer } from '../../hisp/tenancy/issuer.ts';
import { openMembers, type StoredMembers } from '../../hisp/tenancy/members.ts';
import { openSubscribers } from '../../hisp/tenancy/subscribers.ts';
import { createTenancy, type Tenancy } from '../../hisp/tenancy/tenancy.ts';
import { createFetcher } from '../../http/fetch.ts';
import type { Host } from '../../net/host.ts';
import type { Store } from '../../store/open.ts';
import { type Scope, scopeOf } from '../../store/scope.ts';
import { sealKey } from '../../store/seal.ts';
import { type AnchorSource, anchorOf } from '../../trust/anchors.ts';
import { BUNDLE_FETCH } from '../../trust/bundle/consume-parts.ts';
import { eventText } from '../../trust/bundle/event-text.ts';
import { folderShelf } from '../../trust/bundle/shelf.ts';
import { isAlarm } from '../../trust/bundle/state.ts';
import type { Taken } from '../../trust/bundle/subscriber.ts';

import type { OpenNetwork } from '../demo/open.ts';
import type { Alarms } from './alarms.ts';
import { configuredSigner } from './configured.ts';
import type { Installed } from './subscriptions.ts';

export interface OpenTenancy {
  readonly members: StoredMembers;
  /** The HISP's own, those set by hand and those of the bundles that administrators subscribed to. */
  readonly anchors: AnchorSource;
  readonly taken: () => readonly Taken[];
  /** The tenancy, once its HISP is made. */
  of(hisp: Pick<Hisp, 'submit' | 'reprocess' | 'flush'>): Tenancy;
  stop(): Promise<void>;
}

export async function openTenancy(
  host: Host,
  opened: OpenNetwork,
  id: string,
  store: Store,
  world: {
    readonly mayFetch: (address: string) => boolean;
    readonly tell: (line: string) => void;
    /** The own authority. */
    readonly issuer: Issuer;
    readonly enrollment: EnrollmentSeams;
    /** Shows a change to those outside. */
    readonly refresh: () => Promise<void>;
    /** The external signers of the configuration. */
    readonly signers: Config['signers'];
    readonly alarms: Alarms;
    /** Hears of every change of anchors, and since when the bundle is subscribed to (ms since 1970 UTC). */
    readonly installed: (event: Installed, subscribedAt: number) => void;
  },
): Promise<OpenTenancy> {
  const scope: Scope = scopeOf(store.db, id);
  const { title } = opened.network.hisps[id]!;
  const seal = sealKey(opened.state.path('seal-key'));
  const members = await openMembers(scope, seal);
  const signer = configuredSigner(host, id, world.signers);
  const held = signer && (await openHeldKeys(scope, signer, (line) => world.tell(`${title}: ${line}`)));
  const resolver = createResolver(host);
  const subscribers = await openSubscribers(host, scope, {
    fetcher: createFetcher(host, {
      ...BUNDLE_FETCH,
      allowPrivate: world.mayFetch,
      resolve: async (name) =>
        (await resolver.query(name, 'A')).records.flatMap(({ data }) =>
          data.type === 'A' ? [data.address] : [],
        ),
    }),
    shelf: folderShelf(opened.state.path(`anchors/${id}/subscribed`)),
    tell(event, subscribedAt) {
      if (event.kind === 'installed') world.installed(event, subscribedAt);
      world.alarms.hear(event);
      if (event.kind === 'failed' || isAlarm(event)) world.tell(`${title}: ${eventText(event)}`);
    },
  });
  const inFile = new Set(
    opened.network.organizations.filter(({ hisp }) => hisp === id).map(({ domain }) => domain),
  );
  const own = [anchorOf(opened.material.get(id)!.root.certificate, `${title} itself`)];
  const changed = async (): Promise<void> => {
    await members.reload();
    await held?.reload();
    await subscribers.reload();
    await world.refresh();
  };
  return {
    members: held ? { ...members, keys: joined(members.keys, held.keys) } : members,
    anchors: (domain, direction) => [
      // those of the network's file have it already
      ...(!inFile.has(domain) && domainNamed(members, domain) ? own : []),
      ...members.anchors(domain, direction),
      ...subscribers.anchors(domain, direction),
    ],
    taken: subscribers.all,
    of: (hisp) => {
      const { issuer, enrollment } = world;
      return createTenancy(host, { title, scope, seal, hisp, issuer, changed, enrollment });
    },
    async stop() {
      await subscribers.stop();
      signer?.close();
    },
  };
}

/** Two lists as one, which stays the same as long as both do: lookups are kept by list. */
function joined<T>(one: () => readonly T[], other: () => readonly T[]): () => readonly T[] {
  let last: { readonly of: readonly (readonly T[])[]; readonly all: readonly T[] } | undefined;
  return () => {
    const of = [one(), other()];
    if (last?.of[0] !== of[0] || last?.of[1] !== of[1]) last = { of, all: of.flat() };
    return last!.all;
  };
}
