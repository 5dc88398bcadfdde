/**
 * How a HISP of the network gets the anchors of its communities: it fetches their bundles over HTTP, as in the field,
 * keeps the last good ones on disk and refreshes them in the background.
 *
 * @module
 */
import type { NetworkDefinition } from '../../config/network.ts';
import { createResolver } from '../../dns/client.ts';
import { createFetcher } from '../../http/fetch.ts';
import type { Host } from '../../net/host.ts';
import { type AnchorEntry, type AnchorSource, anchorSets } from '../../trust/anchors.ts';
import { BUNDLE_FETCH } from '../../trust/bundle/consume-parts.ts';
import { eventText } from '../../trust/bundle/event-text.ts';
import { folderShelf } from '../../trust/bundle/shelf.ts';
import { type BundleEvent, isAlarm } from '../../trust/bundle/state.ts';
import { createSubscriber, type Taken } from '../../trust/bundle/subscriber.ts';
import { type Subscription, subscription } from '../../trust/bundle/subscription.ts';
import { bundleTitle, bundleUrl } from '../demo/anchors.ts';
import type { Alarms } from './alarms.ts';

/** Anchors that count for a HISP's domains at this moment. */
export interface Subscribed {
  readonly anchors: AnchorSource;
  readonly taken: readonly Taken[];
  stop(): Promise<void>;
}

/** Other anchors count from now on. */
export type Installed = Extract<BundleEvent, { kind: 'installed' }>;

const HOUR = 3_600_000;
/** How long the start waits for bundles; those that come later count from then on. */
const PATIENCE = 3000;

/** What a HISP of the network subscribes to: the bundles of its communities, for all its domains. */
export function subscriptionsOf(network: NetworkDefinition, id: string): Subscription[] {
  const domains = network.organizations
    .filter(({ hisp }) => hisp === id)
    .map(({ domain }) => ({ domain, incoming: true, outgoing: true }));
  return network.hisps[id]!.subscribes.flatMap((community) => {
    const url = bundleUrl(network, community);
    if (url === undefined) return [];
    return [
      subscription({
        id: community,
        title: bundleTitle(network, community),
        url,
        domains,
        intervalMs: HOUR,
        // who edits the network back and forth publishes the same octets again and means it
        replay: 'alarm',
        // the way to it does not leave this machine
        unauthenticated: true,
      }),
    ];
  });
}

/**
 * Loads the bundles once and then keeps the schedule.
 *
 * @param manual anchors that do not come from a bundle; one that is also in a bundle counts once
 * @param tell hears what an operator should know
 */
export async function subscribe(
  host: Host,
  options: {
    readonly network: NetworkDefinition;
    readonly id: string;
    readonly manual: readonly AnchorEntry[];
    /** Folder where the last good bundles are kept. */
    readonly folder: string;
    readonly mayFetch: (address: string) => boolean;
    /** Whether a domain that is not in the network’s file is one of this HISP’s by now. */
    readonly serves?: (domain: string) => boolean;
    readonly alarms: Alarms;
    readonly tell: (line: string) => void;
    /** Hears of every change of anchors, and since when the bundle is subscribed to (ms since 1970 UTC). */
    readonly installed?: (event: Installed, subscribedAt: number) => void;
  },
): Promise<Subscribed> {
  const { network, id, tell } = options;
  const domains = new Set(
    network.organizations.filter(({ hisp }) => hisp === id).map(({ domain }) => domain),
  );
  const manual = anchorSets(options.manual.filter(({ domain }) => domains.has(domain)));
  const subscriptions = subscriptionsOf(network, id);
  const resolver = createResolver(host);
  const subscriber = createSubscriber(host, {
    subscriptions,
    fetcher: createFetcher(host, {
      ...BUNDLE_FETCH,
      allowPrivate: options.mayFetch,
      resolve: async (name) =>
        (await resolver.query(name, 'A')).records.flatMap(({ data }) =>
          data.type === 'A' ? [data.address] : [],
        ),
    }),
    shelf: folderShelf(options.folder),
    tell(event) {
      if (event.kind === 'installed')
        options.installed?.(event, subscriber.state(event.subscription).subscribedAt);
      options.alarms.hear(event);
      if (event.kind === 'failed' || isAlarm(event)) tell(`${network.hisps[id]!.title}: ${eventText(event)}`);
    },
  });
  const loaded = Promise.all(subscriptions.map((one) => subscriber.refresh(one.id)));
  const late = Promise.withResolvers<void>();
  const cancel = host.timer(PATIENCE, late.resolve);
  await Promise.race([loaded, late.promise]);
  cancel();
  subscriber.start();
  // the bundles count for all domains alike: those that came later have the anchors of the others
  const [oldest] = domains;
  const alike = (domain: string): string =>
    oldest !== undefined && !domains.has(domain) && options.serves?.(domain) ? oldest : domain;
  return {
    taken: subscriptions.map((one) => ({ subscription: one, subscriber })),
    anchors(domain, direction) {
      const own = manual(domain, direction);
      const known = new Set(own.map(({ certificate }) => certificate?.sha256));
      return [
        ...own,
        ...subscriber
          .anchors(alike(domain), direction)
          .filter(({ certificate }) => !known.has(certificate?.sha256)),
      ];
    },
    stop: () => subscriber.stop(),
  };
}
