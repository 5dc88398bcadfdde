/**
 * The watch of a running network: its own domains and those of partners that the configuration names, in the eyes of
 * every HISP of it.
 *
 * @module
 */
import type { NetworkDefinition } from '../../config/network.ts';
import type { Config } from '../../config/schema.ts';
import type { Host } from '../../net/host.ts';
import { openStore, type Store } from '../../store/open.ts';
import { type Scope, scopeOf } from '../../store/scope.ts';
import type { AnchorSource } from '../../trust/anchors.ts';
import { titleOf } from '../../watch/event.ts';
import { observe, type Watched } from '../../watch/observe.ts';
import { postmasterChannel } from '../../watch/postmaster.ts';
import { createWatcher, type Watcher } from '../../watch/watcher.ts';
import type { State } from '../demo/state.ts';
import { webhookChannel } from '../watch/open.ts';

export interface Watching {
  readonly watcher: Watcher;
  readonly domains: readonly Watched[];
  /** The books of the watch. */
  readonly scope: Scope;
  readonly everyMs: number;
  stop(): Promise<void>;
}

export interface WatchingOptions {
  readonly config: Config;
  readonly network: NetworkDefinition;
  readonly state: State;
  readonly hisps: readonly { readonly id: string; readonly store: Store }[];
  /** Each answers for its own domains only. */
  readonly anchors: AnchorSource;
  readonly tell: (line: string) => void;
}

/** Opens the books and keeps the schedule. @throws {Failure} the secret of the webhook cannot be read */
export async function startWatching(host: Host, options: WatchingOptions): Promise<Watching> {
  const { config, network, state, hisps, anchors, tell } = options;
  const { everyMinutes, webhook } = config.watch;
  const everyMs = everyMinutes * 60_000;
  const domains = watchedOf(network, config);
  const ours = new Set([
    ...Object.values(network.hisps).flatMap(({ addresses }) => Object.values(addresses)),
    ...config.network.allowPrivate,
  ]);
  const hook = webhook ? [webhookChannel(host, webhook)] : [];
  const store = await openStore(host, { file: state.path('store/watch.sqlite') });
  const scope = scopeOf(store.db, 'watch');
  const [first] = Object.values(network.hisps);
  const watcher = createWatcher(host, {
    domains,
    observe: (one) =>
      observe(host, one, {
        allowed: (address) => ours.has(address),
        anchors,
        helo: first?.domain ?? 'watch.invalid',
      }),
    scope,
    channels: [
      ...hisps.map(({ id, store: books }) =>
        postmasterChannel(host, {
          id,
          scope: scopeOf(books.db, id),
          wants: ({ domain, eyes }) => hispOf(network, eyes ?? domain) === id,
          domainFor: (domain) => (hispOf(network, domain) === id ? domain : network.hisps[id]!.domain),
        }),
      ),
      ...hook,
    ],
    intervalMs: everyMs,
    tell: (event) => tell(`${event.domain}: ${titleOf(event)}: ${event.text}`),
    undelivered: tell,
    failed: (error, domain) => tell(`the watch of ${domain ?? 'the network'} failed: ${error.message}`),
  });
  await watcher.start();
  return {
    watcher,
    domains,
    scope,
    everyMs,
    async stop() {
      await watcher.stop();
      await store.close();
    },
  };
}

/** The HISP that has a domain, or the domain of an address. */
const hispOf = ({ organizations }: NetworkDefinition, name: string): string | undefined => {
  const domain = name.slice(name.lastIndexOf('@') + 1);
  return organizations.find((one) => one.domain === domain)?.hisp;
};

function watchedOf({ hisps, organizations }: NetworkDefinition, config: Config): Watched[] {
  const addressIn = ({ addresses, domain }: (typeof organizations)[number]): string =>
    `${addresses[0]!.local}@${domain}`;
  const eyes = Object.keys(hisps).flatMap((id) => {
    const own = organizations.find(({ hisp }) => hisp === id);
    return own ? [addressIn(own)] : [];
  });
  const known = new Set(organizations.map(({ domain }) => domain));
  return [
    ...organizations.map(
      (one): Watched => ({ domain: one.domain, kind: 'own', address: addressIn(one), eyes }),
    ),
    ...config.watch.domains
      .filter((domain) => !known.has(domain))
      .map((domain): Watched => ({ domain, kind: 'partner', address: domain, eyes })),
  ];
}
