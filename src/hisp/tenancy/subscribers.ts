/**
 * Fetches the bundles that administrators subscribed to, and gives their anchors. A change of the subscriptions counts
 * at once: what is kept on disk is taken up again, the rest is fetched.
 *
 * @module
 */
import type { Fetcher } from '../../http/fetch.ts';
import type { Host } from '../../net/host.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Scope } from '../../store/scope.ts';
import { listSubscriptions, type StoredSubscription } from '../../store/subscriptions.ts';
import type { AnchorSource } from '../../trust/anchors.ts';
import type { Shelf } from '../../trust/bundle/shelf.ts';
import type { BundleEvent, SubscriptionState } from '../../trust/bundle/state.ts';
import { createSubscriber, type Subscriber, type Taken } from '../../trust/bundle/subscriber.ts';
import { type Subscription, subscription } from '../../trust/bundle/subscription.ts';

export interface StoredSubscribers {
  readonly anchors: AnchorSource;
  /** Every subscription as it is now. */
  all(): readonly Taken[];
  /** Undefined when there is no such subscription. */
  state(id: string): SubscriptionState | undefined;
  /** Reads the subscriptions again. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

interface Running {
  /** The subscription as it was read: another text means another subscription. */
  readonly text: string;
  readonly subscription: Subscription;
  readonly subscriber: Subscriber;
}

/** @param fetcher made with `BUNDLE_FETCH` */
export async function openSubscribers(
  host: Host,
  scope: Scope,
  world: {
    readonly fetcher: Pick<Fetcher, 'get'>;
    readonly shelf: Shelf;
    /** Hears of everything, and since when that bundle is subscribed to (ms since 1970 UTC). */
    readonly tell: (event: BundleEvent, subscribedAt: number) => void;
  },
): Promise<StoredSubscribers> {
  let running = new Map<string, Running>();
  const start = (one: Subscription): Subscriber => {
    const { fetcher, shelf } = world;
    const subscriber = createSubscriber(host, {
      subscriptions: [one],
      fetcher,
      shelf,
      tell: (event) =>
        world.tell(event, running.get(one.id)?.subscriber.state(one.id).subscribedAt ?? event.at),
    });
    subscriber.start();
    return subscriber;
  };
  const reload = async (): Promise<void> => {
    const wanted = new Map((await listSubscriptions(scope)).map((row) => [row.id, row]));
    const next = new Map<string, Running>();
    for (const [id, row] of wanted) {
      const text = JSON.stringify(row);
      const known = running.get(id);
      if (known?.text === text) next.set(id, known);
      else {
        const one = read(row);
        next.set(id, { text, subscription: one, subscriber: start(one) });
      }
    }
    const over = [...running].filter(([id, { subscriber }]) => next.get(id)?.subscriber !== subscriber);
    running = next;
    await Promise.all(over.map(([, { subscriber }]) => subscriber.stop()));
  };
  await reload();
  return {
    anchors: (domain, direction) =>
      [...running.values()].flatMap(({ subscriber }) => subscriber.anchors(domain, direction)),
    all: () => [...running.values()],
    state: (id) => running.get(id)?.subscriber.state(id),
    reload,
    async stop() {
      await Promise.all([...running.values()].map(({ subscriber }) => subscriber.stop()));
    },
  };
}

const read = (row: StoredSubscription): Subscription =>
  subscription({
    id: row.id,
    title: row.title,
    url: row.url,
    intervalMs: row.interval_ms,
    replay: row.replay,
    unauthenticated: row.unauthenticated === 1,
    pins: (JSON.parse(row.pins) as { readonly der: string; readonly as: 'signer' | 'authority' }[]).map(
      ({ der, as }) => ({ certificate: parseCertificate(Buffer.from(der, 'base64')), as }),
    ),
    domains: row.domains.map(({ domain, incoming, outgoing }) => ({
      domain,
      incoming: incoming === 1,
      outgoing: outgoing === 1,
    })),
  });
