/**
 * Opens a watch as its configuration says: books, anchors, bundles, ways to tell somebody.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WatchConfig } from '../../config/watch.ts';
import { createResolver } from '../../dns/client.ts';
import { createFetcher, type FetchLimits } from '../../http/fetch.ts';
import { createPost } from '../../http/post.ts';
import type { Host } from '../../net/host.ts';
import { type Certificate, parseCertificateText } from '../../pki/certificate.ts';
import { openStore } from '../../store/open.ts';
import { scopeOf } from '../../store/scope.ts';
import { type AnchorSource, anchorOf } from '../../trust/anchors.ts';
import { BUNDLE_FETCH } from '../../trust/bundle/consume-parts.ts';
import { BundleError } from '../../trust/bundle/error.ts';
import { eventText } from '../../trust/bundle/event-text.ts';
import { folderShelf } from '../../trust/bundle/shelf.ts';
import { isAlarm } from '../../trust/bundle/state.ts';
import { createSubscriber, type Subscriber } from '../../trust/bundle/subscriber.ts';
import { type Subscription, subscription } from '../../trust/bundle/subscription.ts';
import type { Channel } from '../../watch/alert.ts';
import { alertMailChannel } from '../../watch/alert-mail.ts';
import { titleOf, type WatchEvent } from '../../watch/event.ts';
import { observe } from '../../watch/observe.ts';
import { createWatcher, type Watcher } from '../../watch/watcher.ts';
import { webhook } from '../../watch/webhook.ts';
import { Failure } from '../failure.ts';

export interface OpenWatch {
  readonly watcher: Watcher;
  readonly subscriber: Subscriber;
  /** Fetches the bundles now. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

/** Whose domain the given anchors count for: nobody’s but of the watch itself. */
const JUDGE = 'judge.invalid';
const HOUR = 3_600_000;
const TENANT = 'watch';

/**
 * @param tell hears of what an operator should know
 * @param told hears of every event
 * @throws {Failure} for a file that cannot be read
 */
export async function openWatch(
  host: Host,
  config: WatchConfig,
  tell: (line: string) => void,
  told: (event: WatchEvent) => void,
): Promise<OpenWatch> {
  const everyMs = config.everyMinutes * 60_000;
  const mayCall = new Set(config.allowPrivate);
  const allowed = (address: string): boolean => mayCall.has(address);
  const fixed = config.anchors.map((file) => anchorOf(readCertificate(file), file));
  const channels = channelsOf(host, config);
  const subscriber = createSubscriber(host, {
    subscriptions: config.bundles.map((one) => subscribed(one, everyMs)),
    fetcher: createFetcher(host, { ...BUNDLE_FETCH, resolve: resolveBy(host), allowPrivate: allowed }),
    shelf: folderShelf(join(config.state, 'bundles')),
    tell(event) {
      if (event.kind === 'failed' || isAlarm(event)) tell(eventText(event));
    },
  });
  const anchors: AnchorSource = (domain, direction) =>
    domain === JUDGE ? [...fixed, ...subscriber.anchors(domain, direction)] : [];
  const eyes = fixed.length + config.bundles.length > 0 ? [`watch@${JUDGE}`] : [];
  const store = await openStore(host, { file: join(config.state, 'watch.sqlite') });
  const watcher = createWatcher(host, {
    domains: config.domains.map(({ domain, kind, address = domain }) => ({ domain, kind, address, eyes })),
    observe: (one) => observe(host, one, { allowed, anchors, helo: config.as }),
    scope: scopeOf(store.db, TENANT),
    channels,
    intervalMs: everyMs,
    concurrency: config.concurrency,
    confirm: config.confirm,
    tell: told,
    undelivered: tell,
    failed: (error, domain) => tell(`${domain ?? 'the watch'}: ${error.message}`),
  });
  return {
    watcher,
    subscriber,
    async refresh() {
      await Promise.all(config.bundles.map(({ id }) => subscriber.refresh(id)));
    },
    async stop() {
      await watcher.stop();
      await subscriber.stop();
      await store.close();
    },
  };
}

/** @throws {Failure} nothing authenticates it, or its signer cannot be read */
function subscribed(
  { id, title = id, url, signer, unauthenticated }: WatchConfig['bundles'][number],
  every: number,
): Subscription {
  try {
    return subscription({
      id,
      title,
      url,
      unauthenticated,
      intervalMs: Math.max(HOUR, every),
      pins: signer === undefined ? [] : [{ as: 'signer', certificate: readCertificate(signer) }],
      domains: [{ domain: JUDGE, incoming: true, outgoing: true }],
    });
  } catch (error) {
    if (error instanceof BundleError) throw new Failure(error.message, { exitCode: 2 });
    throw error;
  }
}

export const eventLine = (event: WatchEvent): string => `${event.domain}: ${titleOf(event)}: ${event.text}`;

export const resolveBy = (host: Host): NonNullable<FetchLimits['resolve']> => {
  const resolver = createResolver(host);
  return async (name) => {
    const answers = await Promise.all([resolver.query(name, 'A'), resolver.query(name, 'AAAA')]);
    return answers.flatMap(({ records }) =>
      records.flatMap(({ data }) => (data.type === 'A' || data.type === 'AAAA' ? data.address : [])),
    );
  };
};

function channelsOf(host: Host, { alerts }: WatchConfig): Channel[] {
  const { mail, webhook: hook } = alerts;
  return [
    ...(mail?.to ?? []).map((to) => alertMailChannel(host, { ...mail!, to })),
    ...(hook ? [webhookChannel(host, hook)] : []),
  ];
}

/** @throws {Failure} the secret cannot be read, or is short */
export function webhookChannel(
  host: Host,
  { url, secretFile, allowPrivate }: NonNullable<WatchConfig['alerts']['webhook']>,
): Channel {
  let secret: string;
  try {
    secret = readFileSync(secretFile, 'utf8').trim();
  } catch (error) {
    throw new Failure(
      `the secret of the webhook, ${secretFile}, cannot be read: ${(error as Error).message}`,
      {
        exitCode: 2,
      },
    );
  }
  if (secret.length < 32)
    throw new Failure(
      `the secret of the webhook in ${secretFile} has ${secret.length} characters, expected 32 or more`,
      {
        hint: 'Make one with: openssl rand -hex 32',
        exitCode: 2,
      },
    );
  const post = createPost(host, {
    resolve: resolveBy(host),
    allowPrivate: (address) => allowPrivate.includes(address),
  });
  return webhook(host, { url, secret, post });
}

function readCertificate(file: string): Certificate {
  try {
    return parseCertificateText(readFileSync(file));
  } catch (error) {
    throw new Failure(`${file} cannot be read as a certificate: ${(error as Error).message}`, {
      exitCode: 2,
    });
  }
}
