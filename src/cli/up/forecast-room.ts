/**
 * What a change of trust would do, applied to the running network: its addresses, and who wrote to whom in the last
 * thirty days.
 *
 * @module
 */
import { capital } from '../../../web/present/address.ts';
import type { ChangeRequest } from '../../../web/trust-room.ts';
import type { FateView, ForecastFormView, ForecastView } from '../../../web/trust-views.ts';
import { referenceAgent } from '../../agent/reference.ts';
import { addressesOf } from '../../config/network.ts';
import { discover } from '../../discovery/resolve.ts';
import { createFetcher } from '../../http/fetch.ts';
import { cause, sentence } from '../../outcome/cause.ts';
import { type Certificate, parseCertificateText } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/error.ts';
import { correspondence } from '../../store/calendar.ts';
import { scopeOf } from '../../store/scope.ts';
import { BUNDLE_FETCH, referenceConsumer } from '../../trust/bundle/consume-parts.ts';
import { diffBundles } from '../../trust/bundle/diff.ts';
import { BundleError } from '../../trust/bundle/error.ts';
import { diffText } from '../../trust/bundle/event-text.ts';
import { readBundle } from '../../trust/bundle/read.ts';
import type { Subscription } from '../../trust/bundle/subscription.ts';
import type { TrustChange, TrustState } from '../../trust/forecast/change.ts';
import {
  type Fate,
  type Forecast,
  forecast,
  type Holder,
  type Traffic,
} from '../../trust/forecast/forecast.ts';
import { referenceIssuers } from '../../trust/reference.ts';
import { anchorView, nameOf } from './bundles-room.ts';
import { fetchable } from './configured.ts';
import { domainsOf, heldBy } from './held.ts';
import type { RunningNetwork } from './network.ts';

const DAY = 86_400_000;
/** How far back senders and recipients are looked at, days. */
const DAYS = 30;
/** Pairs that wrote, and strangers among them whose certificates are looked for. */
const MOST_PAIRS = 5000;
const MOST_STRANGERS = 200;

/** The change cannot be looked at, for a reason that the person can act on. */
class Unfit extends Error {}

export function forecastForm({
  hisps,
  publishing,
  network,
  host,
  material,
}: RunningNetwork): ForecastFormView {
  const now = host.now();
  const subscribed = new Map(
    hisps.flatMap(({ taken }) =>
      taken().map(
        ({ subscription: { id }, subscriber }) =>
          [id, subscriber.state(id).current?.certificates ?? []] as const,
      ),
    ),
  );
  const titles = new Map([
    ...hisps.flatMap(({ taken }) => taken().map(({ subscription: { id, title } }) => [id, title] as const)),
    ...publishing.communities().map(({ name, definition }) => [name, definition.title] as const),
  ]);
  const all = [
    ...[...material.values()].map(({ root }) => root.certificate),
    ...[...subscribed.values()].flat(),
    ...publishing.communities().flatMap(({ bundle }) => bundle?.certificates ?? []),
  ];
  return {
    bundles: [...subscribed].map(([name, certificates]) => ({
      name,
      title: titles.get(name) ?? name,
      anchors: certificates.map((one) => anchorView(one, now)),
    })),
    anchors: [...new Map(all.map((one) => [one.sha256, anchorView(one, now)])).values()],
    domains: domainsOf({ hisps, network }).toSorted(),
  };
}

export async function forecastView(
  running: RunningNetwork,
  request: ChangeRequest,
): Promise<ForecastView | { readonly refused: string }> {
  try {
    const { change, text } = await changeOf(running, request);
    const result = await forecastOf(running, change);
    return present(result, text);
  } catch (error) {
    if (error instanceof Unfit) return { refused: error.message };
    throw error;
  }
}

async function forecastOf(running: RunningNetwork, change: TrustChange): Promise<Forecast> {
  const { network, context, host, hisps } = running;
  const own = [
    ...new Set([
      ...addressesOf(network).map(({ address }) => address),
      ...hisps.flatMap(({ members }) => members.addresses().map(({ address }) => address)),
    ]),
  ];
  const traffic = await trafficOf(running);
  const before: TrustState = { entries: heldBy(running).entries, policy: (domain) => context.policy(domain) };
  return forecast({
    before,
    change,
    own,
    holders: await holdersOf(running, own, traffic),
    traffic,
    sources: { fetcher: context.fetcher, cache: context.cache, issuers: referenceIssuers },
    at: host.now(),
  });
}

async function trafficOf({ hisps, host }: RunningNetwork): Promise<Traffic[]> {
  const since = host.now() - DAYS * DAY;
  const pairs = await Promise.all(
    hisps.map(({ id, store }) => correspondence(scopeOf(store.db, id), since, MOST_PAIRS)),
  );
  return pairs.flat();
}

/** Our own addresses with the certificates we issued; strangers with what can be found of them. */
async function holdersOf(
  { hisps, context }: RunningNetwork,
  own: readonly string[],
  traffic: readonly Traffic[],
): Promise<Holder[]> {
  const inUse = hisps
    .flatMap(({ members }) => members.keys())
    .filter(({ state = 'active', purpose = 'dual' }) => state === 'active' && purpose !== 'sign');
  const leaves = Map.groupBy(inUse, ({ owner }) => owner);
  const known = new Set(own);
  const strangers = [...new Set(traffic.map(({ from, to, direction }) => (direction === 'out' ? to : from)))]
    .filter((address) => !known.has(address))
    .slice(0, MOST_STRANGERS);
  const found = strangers.map(async (address): Promise<Holder> => {
    const { candidates, outcome, names, servers, stage, why } = await discover(
      context.host,
      address,
      referenceAgent.discovery,
      context.resolver,
    );
    const certificates = candidates.flatMap(({ certificate }) => certificate ?? []);
    if (outcome === 'found') return { address, certificates };
    const missing =
      outcome === 'temporary'
        ? cause('discovery.temporary', { stage: stage ?? 'address-dns', why: why ?? 'no answer' })
        : cause('discovery.none', { names: [...names], servers: [...servers] });
    return { address, certificates, missing };
  });
  return [
    ...own.map((address): Holder => {
      const leaf = leaves.get(address) ?? leaves.get(address.slice(address.lastIndexOf('@') + 1));
      return { address, certificates: (leaf ?? []).map(({ certificate }) => certificate) };
    }),
    ...(await Promise.all(found)),
  ];
}

interface Told {
  readonly change: TrustChange;
  readonly text: string;
}

async function changeOf(running: RunningNetwork, request: ChangeRequest): Promise<Told> {
  switch (request.kind) {
    case 'bundle':
      return bundleChange(running, request);
    case 'anchor': {
      const certificate = certificateOf(running, request);
      const directions =
        request.direction === 'both' ? (['incoming', 'outgoing'] as const) : [request.direction];
      const domains = concerned(running, request.domain);
      const mail = request.direction === 'both' ? 'all' : request.direction;
      const verb = request.what === 'add' ? 'is trusted' : 'is trusted no more';
      return {
        change: { kind: 'anchor', what: request.what, certificate, domains, directions },
        text: `${nameOf(certificate)} ${verb} by ${request.domain ?? 'every domain'} for ${mail} mail`,
      };
    }
    case 'policy': {
      const { profile, revocation } = request;
      if (!profile && !revocation)
        throw new Unfit('Say which profile or which revocation policy it would be.');
      const parts = [
        ...(profile ? [`the profile ${profile}`] : []),
        ...(revocation ? [`the revocation policy “${revocation}”`] : []),
      ];
      return {
        change: {
          kind: 'policy',
          domains: concerned(running, request.domain),
          policy: { ...(profile ? { profile } : {}), ...(revocation ? { revocation } : {}) },
        },
        text: `${request.domain ?? 'Every domain'} decides by ${parts.join(' and ')}`,
      };
    }
  }
}

function concerned(running: RunningNetwork, domain: string | undefined): string[] {
  const all = domainsOf(running);
  if (domain === undefined) return all;
  if (!all.includes(domain))
    throw new Unfit(`${domain} is not a domain of this network, so its anchors are not known.`);
  return [domain];
}

function certificateOf(
  running: RunningNetwork,
  { sha256, file }: Extract<ChangeRequest, { kind: 'anchor' }>,
): Certificate {
  if (file !== undefined) {
    try {
      return parseCertificateText(bytesOf(file));
    } catch (error) {
      if (error instanceof PkiError) throw new Unfit(`That is not a certificate: ${error.message}.`);
      throw error;
    }
  }
  const { entries, elsewhere } = heldBy(running);
  const own = [...running.material.values()].map(({ root }) => root.certificate);
  const known = [...own, ...[...entries, ...elsewhere].flatMap(({ anchor }) => anchor.certificate ?? [])];
  const found = known.find((one) => one.sha256 === sha256);
  if (!found)
    throw new Unfit('Give the certificate of the anchor, or the SHA-256 of one that is known here.');
  return found;
}

/** PEM as it is, else base64 of DER. */
const bytesOf = (file: string): Uint8Array =>
  file.includes('-----BEGIN') ? Buffer.from(file) : Buffer.from(file, 'base64');

async function bundleChange(
  running: RunningNetwork,
  request: Extract<ChangeRequest, { kind: 'bundle' }>,
): Promise<Told> {
  const takers = running.hisps
    .flatMap(({ taken }) => taken())
    .filter(({ subscription: { id } }) => id === request.bundle)
    .map(({ subscription: one, subscriber }) => ({
      one,
      now: subscriber.state(one.id).current?.certificates ?? [],
    }));
  const [first] = takers;
  if (!first) throw new Unfit(`No HISP of this network takes the bundle “${request.bundle}”.`);
  const after = await newSet(running, request, first);
  const diff = diffBundles(first.now, after);
  const active = after.filter((certificate) => !referenceConsumer.inactive(certificate, first.one));
  return {
    change: {
      kind: 'bundle',
      source: first.one.title,
      domains: takers.flatMap(({ one }) => one.domains),
      after: active,
    },
    text: `${capital(first.one.title)} changes: ${diffText(diff)}`,
  };
}

async function newSet(
  running: RunningNetwork,
  { file, url, drop }: Extract<ChangeRequest, { kind: 'bundle' }>,
  { one, now }: { readonly one: Subscription; readonly now: readonly Certificate[] },
): Promise<readonly Certificate[]> {
  if (drop) {
    const unknown = drop.find((sha256) => !now.some((each) => each.sha256 === sha256));
    if (unknown) throw new Unfit(`The bundle has no anchor with the SHA-256 ${unknown}.`);
    return now.filter(({ sha256 }) => !drop.includes(sha256));
  }
  const bytes = file === undefined ? await fetched(running, url ?? one.url) : bytesOf(file);
  try {
    return readBundle(bytes, { at: running.host.now(), pins: one.pins }).certificates;
  } catch (error) {
    if (error instanceof BundleError)
      throw new Unfit(`The new bundle would be refused: ${sentence(error.reason)}.`);
    throw error;
  }
}

async function fetched({ context, config, network }: RunningNetwork, url: string): Promise<Uint8Array> {
  const resolver = context.resolver;
  const fetcher = createFetcher(context.host, {
    ...BUNDLE_FETCH,
    allowPrivate: fetchable(config, network),
    resolve: async (name) =>
      resolver
        ? (await resolver.query(name, 'A')).records.flatMap(({ data }) =>
            data.type === 'A' ? [data.address] : [],
          )
        : [],
  });
  const result = await fetcher.get(url);
  if (!result.ok) throw new Unfit(`${url} cannot be fetched: ${result.why}.`);
  if (result.status !== 200) throw new Unfit(`${url} answers with status ${result.status}.`);
  return result.body;
}

const VERDICT: Readonly<Record<Fate['verdict'], readonly [FateView['tone'], string]>> = {
  trusted: ['good', 'trusted'],
  refused: ['bad', 'refused'],
  undetermined: ['warn', 'cannot tell'],
};

const fateView = ({ verdict, cause: reason }: Fate): FateView => ({
  tone: VERDICT[verdict][0],
  verdict: VERDICT[verdict][1],
  ...(reason ? { code: reason.code, why: capital(sentence(reason)) } : {}),
});

function present(result: Forecast, change: string): ForecastView {
  const { directory, traffic, changes } = result;
  const of = (n: number, word: string) =>
    `${n} ${n === 1 ? 'pair' : 'pairs'} ${n === 1 ? `${word}s` : word} trust`;
  const nothing = directory.gains + directory.loses + traffic.gains + traffic.loses === 0;
  return {
    change,
    tone: directory.loses > 0 ? 'bad' : nothing ? 'muted' : 'good',
    headline: nothing
      ? 'Nobody gains and nobody loses trust.'
      : `${of(directory.loses, 'lose')}, ${of(directory.gains, 'gain')}.`,
    traffic: { ...traffic, days: DAYS },
    directory,
    touched: result.touched,
    decided: result.decided,
    cut: result.cut,
    unlisted: result.unlisted,
    changes: changes.map((one) => ({ ...one, before: fateView(one.before), after: fateView(one.after) })),
  };
}
