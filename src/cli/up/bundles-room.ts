/**
 * What the pages of bundles show of the running network.
 *
 * @module
 */
import { capital } from '../../../web/present/address.ts';
import type {
  AnchorView,
  BundlePageView,
  BundleView,
  DiffView,
  MemberView,
  SubscriberView,
} from '../../../web/trust-views.ts';
import type { Tone } from '../../../web/views.ts';
import { sentence } from '../../outcome/cause.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { formatName } from '../../pki/name.ts';
import { type BundleChange, bundleChanges } from '../../store/calendar.ts';
import { scopeOf } from '../../store/scope.ts';
import { accreditationState, accreditationText } from '../../trust/accreditation.ts';
import type { ParticipationPolicy } from '../../trust/bundle/definition.ts';
import { diffBundles } from '../../trust/bundle/diff.ts';
import { noteText } from '../../trust/bundle/note.ts';
import { type Participation, recordsOf } from '../../trust/bundle/participation.ts';
import { etagOf, type History } from '../../trust/bundle/publish.ts';
import type { Taken } from '../../trust/bundle/subscriber.ts';
import { THRESHOLDS } from '../../trust/expiry/due.ts';
import { moment } from './mail.ts';
import type { RunningHisp, RunningNetwork } from './network.ts';
import type { PublishedCommunity } from './publishing.ts';
import { type TrustTime, trustTimes } from './trust-times.ts';

const DAY = 86_400_000;
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The common name, where there is one. */
export const nameOf = ({ subject }: Certificate): string => {
  const name = formatName(subject);
  return /^CN=((?:\\.|[^,\\])+)/.exec(name)?.[1] ?? name;
};

export const anchorView = (certificate: Certificate, now: number): AnchorView => ({
  name: nameOf(certificate),
  sha256: certificate.sha256,
  until: day(certificate.notAfter),
  tone: toneOfEnd(certificate.notAfter, now),
});

/** How near an end is. */
export function toneOfEnd(ends: number, now: number): Tone {
  if (now >= ends) return 'bad';
  const left = (ends - now) / DAY;
  return left <= THRESHOLDS[2]! ? 'bad' : left <= THRESHOLDS[0]! ? 'warn' : 'good';
}

/** `under a second`, `12 s`, `5 min`, `3.2 h`, `2.0 days` */
export function span(ms: number): string {
  if (ms < 1000) return 'under a second';
  if (ms < 60_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return ms < DAY ? `${(ms / 3_600_000).toFixed(1)} h` : `${(ms / DAY).toFixed(1)} days`;
}

export async function bundleViews(running: RunningNetwork): Promise<BundleView[]> {
  const changes = new Map(
    await Promise.all(
      running.hisps.map(
        async ({ id, store }) => [id, await bundleChanges(scopeOf(store.db, id), 1000)] as const,
      ),
    ),
  );
  const published = running.publishing.communities();
  return [
    ...published.map((one) => viewOf(one, running, changes)),
    ...elsewhere(published, running, changes),
  ];
}

/** Bundles of others that HISPs here take, one for each place. */
function elsewhere(
  published: readonly PublishedCommunity[],
  { hisps, host }: RunningNetwork,
  changes: ReadonlyMap<string, readonly BundleChange[]>,
): BundleView[] {
  const names = new Set(published.flatMap(({ name, bundle }) => [name, bundle?.url ?? name]));
  const foreign = hisps
    .flatMap((hisp) => hisp.taken().map((one) => ({ hisp, one })))
    .filter(({ one: { subscription } }) => !names.has(subscription.id) && !names.has(subscription.url));
  const now = host.now();
  return [...Map.groupBy(foreign, ({ one }) => one.subscription.url)].map(([url, takers]): BundleView => {
    const [{ one }] = takers as [(typeof takers)[number]];
    const { id, title, pins } = one.subscription;
    const anchors = one.subscriber.state(id).current?.certificates ?? [];
    return {
      name: id,
      title: capital(title),
      purpose: 'An administrator subscribed to it.',
      environment: 'production',
      elsewhere: {
        url,
        anchors: anchors.map((certificate) => anchorView(certificate, now)),
        pinned: pins.length > 0,
      },
      policy: [],
      members: [],
      subscribers: takers.map(({ hisp, one: each }) =>
        subscriberView(hisp, each, changes.get(hisp.id) ?? [], now),
      ),
    };
  });
}

export async function bundlePage(
  running: RunningNetwork,
  name: string,
  compare: { readonly from: number; readonly to: number } | undefined,
): Promise<BundlePageView | undefined> {
  const view = (await bundleViews(running)).find((one) => one.name === name);
  const found = running.publishing.communities().find((one) => one.name === name);
  if (!view || !found) return undefined;
  const history = found.bundle?.history ?? [];
  const last = history.at(-1)?.number ?? 1;
  const wanted = compare ?? { from: Math.max(1, last - 1), to: last };
  const [before, after] = [wanted.from, wanted.to].map((number) => running.publishing.version(name, number));
  const diff = before && after && history.length > 1 ? diffBundles(before, after) : undefined;
  return {
    ...view,
    versions: history.toReversed().map(({ number, at, sha256, anchors, added, removed, changed }) => ({
      number,
      at: moment(Date.parse(at)),
      sha256,
      anchors,
      change: `${added.length} added, ${removed.length} removed, ${changed.length} renewed`,
    })),
    ...(diff
      ? {
          compared: {
            ...wanted,
            same: diff.same,
            added: diff.added.map(nameOf),
            removed: diff.removed.map(nameOf),
            renewed: diff.changed.map(({ after: one }) => nameOf(one)),
          },
        }
      : {}),
  };
}

function viewOf(
  community: PublishedCommunity,
  running: RunningNetwork,
  changes: ReadonlyMap<string, readonly BundleChange[]>,
): BundleView {
  const { name, definition, participants, bundle } = community;
  const now = running.host.now();
  const last = bundle?.history.at(-1);
  return {
    name,
    title: definition.title,
    purpose: definition.purpose,
    environment: definition.environment,
    ...(bundle && last
      ? {
          published: {
            url: bundle.url,
            sha256: bundle.sha256,
            etag: etagOf(bundle.sha256),
            octets: bundle.bytes.length,
            number: last.number,
            at: moment(Date.parse(last.at)),
            validity: validity(definition.validFrom, definition.validTo),
            anchors: bundle.certificates.map((one) => anchorView(one, now)),
            notes: bundle.notes.map((note) => ({
              tone: note.level === 'fail' ? 'bad' : note.level === 'warn' ? 'warn' : 'muted',
              code: note.code,
              text: capital(noteText(note)),
            })),
            last: lastDiff(last),
          },
        }
      : {}),
    policy: policyText(definition.policy),
    members: participants.map((one) => memberView(one, now)),
    subscribers: running.hisps.flatMap((hisp) =>
      hisp
        .taken()
        .filter(({ subscription: { id, url } }) => id === name || url === bundle?.url)
        .map((one) => subscriberView(hisp, one, changes.get(hisp.id) ?? [], now)),
    ),
  };
}

const validity = (from: string | undefined, to: string | undefined): string =>
  to === undefined ? 'no end stated' : `${from === undefined ? '' : `${from} `}to ${to}`;

/** `CN=…,O=… <sha256>`, as the history has it. */
const shortLine = (line: string): string => /^CN=((?:\\.|[^,\\])+)/.exec(line)?.[1] ?? line;

const lastDiff = ({ added, removed, changed }: History[number]): DiffView => ({
  added: added.map(shortLine),
  removed: removed.map(shortLine),
  renewed: changed.map(shortLine),
});

function policyText({
  profile,
  rsaBits,
  daysLeft,
  authority,
  anyPolicy,
  accreditation,
}: ParticipationPolicy): string[] {
  return [
    `keys and signatures of Applicability Statement ${profile}, RSA of at least ${rsaBits} bits`,
    ...(daysLeft > 0 ? [`valid for ${daysLeft} more days`] : []),
    ...(authority ? ['a CA certificate that may sign certificates'] : []),
    ...(anyPolicy.length > 0 ? [`one of the policies ${anyPolicy.join(', ')}`] : []),
    ...(accreditation.required
      ? [
          `an accreditation record in force${accreditation.programmes.length > 0 ? ` of ${accreditation.programmes.join(' or ')}` : ''}${accreditation.evidence ? ', with its evidence' : ''}`,
        ]
      : []),
  ];
}

const RECORD: Readonly<Record<ReturnType<typeof accreditationState>, Tone>> = {
  'in force': 'good',
  'not begun': 'warn',
  ended: 'bad',
};

const memberView = (one: Participation, now: number): MemberView => ({
  name: one.member.name,
  tone: one.admitted ? 'good' : 'bad',
  state: one.admitted ? 'in' : 'out',
  why: [...one.refusals, ...one.remarks].map(capital),
  records: recordsOf(one).map((record) => {
    const state = accreditationState(record, now);
    return { tone: RECORD[state], text: `${accreditationText(record)} (${state})` };
  }),
});

function subscriberView(
  { title, alarms }: RunningHisp,
  { subscription, subscriber }: Taken,
  changes: readonly BundleChange[],
  now: number,
): SubscriberView {
  const { id } = subscription;
  const state = subscriber.state(id);
  const { trust, distrust } = trustTimes(changes, id);
  const [tone, text]: [Tone, string] = !state.current
    ? ['bad', 'never fetched']
    : state.held
      ? ['warn', 'a change is held']
      : state.failure
        ? ['warn', `${capital(sentence(state.failure))}; the last good one counts`]
        : ['good', 'up to date'];
  return {
    hisp: title,
    tone,
    state: text,
    refreshed: state.lastSuccess === undefined ? 'never' : moment(state.lastSuccess),
    next: state.nextAt === undefined ? 'when asked to' : `in ${span(Math.max(1000, state.nextAt - now))}`,
    anchors: state.current?.certificates.length ?? 0,
    timeToTrust: timeText(trust),
    timeToDistrust: timeText(distrust),
    alarms: alarms()
      .filter((one) => one.subscription === id)
      .map(({ at, text }) => ({ at: moment(at), text: capital(text) })),
  };
}

function timeText(time: TrustTime | undefined): string {
  if (!time) return 'not yet measured';
  return time.took === undefined ? `unknown (${day(time.at)})` : `${span(time.took)} (${day(time.at)})`;
}
