/**
 * `bundle subscribe` and `bundle refresh`: taking anchors from what others publish.
 *
 * @module
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { createResolver } from '../../dns/client.ts';
import { createFetcher } from '../../http/fetch.ts';
import { realHost } from '../../net/real.ts';
import { noRoutes } from '../../net/routes.ts';
import { sentence } from '../../outcome/cause.ts';
import { BUNDLE_FETCH } from '../../trust/bundle/consume-parts.ts';
import { BundleError } from '../../trust/bundle/error.ts';
import { anchorJson, eventJson, eventText } from '../../trust/bundle/event-text.ts';
import { folderShelf } from '../../trust/bundle/shelf.ts';
import { type BundleEvent, isAlarm } from '../../trust/bundle/state.ts';
import { createSubscriber, type Subscriber } from '../../trust/bundle/subscriber.ts';
import {
  DEFAULT_INTERVAL,
  type SubscribedDomain,
  type Subscription,
  subscription,
} from '../../trust/bundle/subscription.ts';
import { openNetwork } from '../demo/open.ts';
import { routesOf } from '../demo/places.ts';
import { openState, type State } from '../demo/state.ts';
import { Failure } from '../failure.ts';
import { type ConfigOptions, withConfig } from '../options.ts';
import { columns, out, style } from '../terminal.ts';
import { findRunning } from '../up/running.ts';
import { type FormatOptions, type PinOptions, pinsOf, withFormat, withPins } from './input.ts';
import { readSubscriptions, shelfFolder, writeSubscriptions } from './kept.ts';
import { anchorCount, notesJson, printNotes } from './view.ts';

type Options = ConfigOptions & FormatOptions;
type SubscribeOptions = Options &
  PinOptions & {
    readonly id?: string;
    readonly domain?: SubscribedDomain[];
    readonly interval?: number;
    readonly replay: 'hold' | 'alarm';
    readonly unauthenticated: boolean;
    readonly remove: boolean;
  };
type RefreshOptions = Options & {
  readonly apply: boolean;
  readonly discard: boolean;
  readonly rollback: boolean;
};

export function defineConsuming(command: Command): void {
  withPins(
    withFormat(
      withConfig(command.command('subscribe').description('take anchors from a bundle, or list from which')),
    ),
  )
    .argument('[url]', 'where the bundle is; none: list')
    .option('--id <name>', 'short name; default: from the URL')
    .option('--domain <domain...>', 'who trusts it: a.example, a.example:in, a.example:out', domains)
    .option('--interval <hours>', 'between two refreshes; 0: only when asked to; default: 24', hours)
    .addOption(
      new Option('--replay <what>', 'what becomes of a bundle that was replaced before')
        .choices(['hold', 'alarm'])
        .default('hold'),
    )
    .option('--unauthenticated', 'take it by plain http without a pin all the same (test networks)', false)
    .option('--remove', 'end the subscription', false)
    .action((url: string | undefined, options: SubscribeOptions) => subscribe(url, options));

  withFormat(
    withConfig(command.command('refresh').description('fetch bundles now, or decide about a change')),
  )
    .argument('[id...]', 'subscriptions; none: all')
    .option('--apply', 'take what is held', false)
    .option('--discard', 'refuse what is held', false)
    .option('--rollback', 'go back to the anchors before the last change', false)
    .addHelpText('after', '\nExit code: 0 the anchors are up to date, 1 they stayed, or something is held.')
    .action((ids: string[], options: RefreshOptions) => refresh(ids, options));
}

function hours(text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number)) throw new InvalidArgumentError('Expected a number of hours.');
  return number * 3_600_000;
}

function domains(text: string, known: SubscribedDomain[] = []): SubscribedDomain[] {
  const match = /^([a-z0-9.-]+)(?::(in|out))?$/i.exec(text);
  if (!match) throw new InvalidArgumentError('Expected a domain, perhaps with :in or :out.');
  return [...known, { domain: match[1]!, incoming: match[2] !== 'out', outgoing: match[2] !== 'in' }];
}

const idOf = (url: string): string =>
  (/([^/]*?)(\.p7[bcm])?$/.exec(url.split('?')[0]!)?.[1] ?? '').toLowerCase().replace(/[^a-z0-9]+/g, '-');

const stateOf = (options: ConfigOptions): State =>
  openState(loadConfig({ file: options.config, portBase: options.portBase }).state);

function subscribe(url: string | undefined, options: SubscribeOptions): void {
  const state = stateOf(options);
  const list = readSubscriptions(state);
  if (options.remove) {
    const id = options.id ?? (url === undefined ? '' : idOf(url));
    if (!list.some((one) => one.id === id))
      throw new Failure(`there is no subscription "${id}"`, { exitCode: 2 });
    folderShelf(shelfFolder(state)).remove(id);
    writeSubscriptions(
      state,
      list.filter((one) => one.id !== id),
    );
    out(`${style.good('✓')} ${id} ended; its anchors are trusted no more`);
    return;
  }
  if (url !== undefined) {
    const one = checked(() =>
      subscription({
        id: options.id ?? idOf(url),
        url,
        pins: pinsOf(options),
        domains: options.domain ?? [],
        intervalMs: options.interval ?? DEFAULT_INTERVAL,
        replay: options.replay,
        unauthenticated: options.unauthenticated,
      }),
    );
    writeSubscriptions(state, [...list.filter(({ id }) => id !== one.id), one]);
    if (options.format === 'console') {
      out(`${style.good('✓')} ${one.id}: ${one.url}. Fetch it with: anchorage bundle refresh ${one.id}`);
      return;
    }
  }
  show(readSubscriptions(state), options);
}

function show(list: readonly Subscription[], options: Options): void {
  if (options.format === 'json') {
    const json = list.map(({ pins, ...one }) => ({
      ...one,
      pins: pins.map(({ as, certificate }) => ({ as, ...anchorJson(certificate) })),
    }));
    out(JSON.stringify({ schema: 1, subscriptions: json }, null, 2));
    return;
  }
  if (list.length === 0) out('No subscriptions.');
  const rows = list.map((one) => [
    style.bold(one.id),
    one.intervalMs === 0 ? 'when asked' : `every ${one.intervalMs / 3_600_000} h`,
    one.pins.length > 0 ? 'pinned' : 'not pinned',
    one.domains.map(({ domain }) => domain).join(', ') || 'no domain',
    one.url,
  ]);
  for (const line of columns(rows)) out(line);
}

function checked<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof BundleError) throw new Failure(error.message, { exitCode: 2 });
    throw error;
  }
}

async function refresh(ids: readonly string[], options: RefreshOptions): Promise<void> {
  const decisions = (['apply', 'discard', 'rollback'] as const).filter((what) => options[what]);
  if (decisions.length > 1 || (decisions.length === 1 && ids.length !== 1))
    throw new Failure('decide one thing about one subscription', { exitCode: 2 });
  const events: BundleEvent[] = [];
  const { subscriber, list } = open(options, (event) => events.push(event));
  const unknown = ids.find((id) => !list.some((one) => one.id === id));
  if (unknown !== undefined) throw new Failure(`there is no subscription "${unknown}"`, { exitCode: 2 });
  const chosen = list.filter(({ id }) => ids.length === 0 || ids.includes(id));
  for (const { id } of chosen) {
    if (decisions[0]) subscriber.decide(id, decisions[0]);
    else await subscriber.refresh(id);
  }
  report(chosen, subscriber, events, options);
  const behind = chosen.some(({ id }) => {
    const { failure, current } = subscriber.state(id);
    return failure !== undefined || !current;
  });
  process.exitCode = behind ? 1 : 0;
}

/** The subscriptions over the real network, or over the demo network that runs here. */
function open(options: ConfigOptions, tell: (event: BundleEvent) => void) {
  const config = loadConfig({ file: options.config, portBase: options.portBase });
  const state = openState(config.state);
  const running = findRunning(state);
  const { network } = running ? openNetwork(config, realHost().now()) : {};
  const routes =
    running && network
      ? routesOf(network, { ...running, smtp: new Map(Object.entries(running.smtp)) }, config.network.routes)
      : noRoutes;
  const host = realHost({ name: 'bundle', routes, ...(running ? { resolvers: [running.dns] } : {}) });
  const resolver = createResolver(host);
  const resolve = async (name: string): Promise<string[]> => {
    const answers = await Promise.all([resolver.query(name, 'A'), resolver.query(name, 'AAAA')]);
    return answers.flatMap(({ records }) =>
      records.flatMap(({ data }) => (data.type === 'A' || data.type === 'AAAA' ? data.address : [])),
    );
  };
  const reachable = new Set([
    ...config.network.allowPrivate,
    ...Object.values(network?.hisps ?? {}).map((hisp) => hisp.addresses.pki),
  ]);
  const list = readSubscriptions(state);
  const subscriber = createSubscriber(host, {
    subscriptions: list,
    fetcher: createFetcher(host, {
      ...BUNDLE_FETCH,
      resolve,
      allowPrivate: (address) => reachable.has(address),
    }),
    shelf: folderShelf(shelfFolder(state)),
    tell,
  });
  return { subscriber, list };
}

function report(
  chosen: readonly Subscription[],
  subscriber: Subscriber,
  events: readonly BundleEvent[],
  { format }: Options,
): void {
  if (format === 'json') {
    const json = chosen.map(({ id, url }) => {
      const { current, held, failure } = subscriber.state(id);
      return {
        id,
        url,
        sha256: current?.sha256 ?? null,
        anchors: current?.certificates.map(anchorJson) ?? [],
        inactive: subscriber
          .inactive(id)
          .map(({ certificate, cause }) => ({ sha256: certificate.sha256, why: sentence(cause) })),
        held: held ? { sha256: held.set.sha256, why: held.why, until: held.until ?? null } : null,
        failure: failure ? { code: failure.code, why: sentence(failure) } : null,
        notes: notesJson(current?.notes ?? []),
      };
    });
    out(JSON.stringify({ schema: 1, bundles: json, events: events.map(eventJson) }, null, 2));
    return;
  }
  for (const event of events) {
    const paint = isAlarm(event) ? style.warn : event.kind === 'failed' ? style.bad : style.good;
    out(paint(eventText(event)));
  }
  if (chosen.length === 0)
    out('No subscriptions: anchorage bundle subscribe URL. Those of HISPs refresh while they run.');
  for (const { id } of chosen) {
    const { current, held } = subscriber.state(id);
    out(
      `${style.bold(id)}: ${current ? `${anchorCount(current.certificates.length)}, SHA-256 ${current.sha256}` : 'no anchors'}`,
    );
    for (const { certificate, cause } of subscriber.inactive(id))
      out(`  inactive ${certificate.sha256.slice(0, 16)}: ${sentence(cause)}`);
    if (held)
      out(
        `  held: ${anchorCount(held.set.certificates.length)}. Take them with --apply, refuse them with --discard`,
      );
    printNotes((current?.notes ?? []).filter(({ level }) => level !== 'info'));
  }
}
