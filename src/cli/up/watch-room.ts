/**
 * What the pages of the watch show.
 *
 * @module
 */
import type { Tone } from '../../../web/views.ts';
import type {
  WatchEventView,
  WatchedView,
  WatchFactView,
  WatchLineView,
  WatchRoom,
} from '../../../web/watch-room.ts';
import type { NetworkDefinition } from '../../config/network.ts';
import {
  type WatchAlertRow,
  type WatchEventRow,
  watchAlerts,
  watchDomains,
  watchEvents,
  watchHistory,
} from '../../store/watch.ts';
import { eventSchema, titleOf, toneOf } from '../../watch/event.ts';
import { type Observation, observationSchema } from '../../watch/observation.ts';
import type { Watched } from '../../watch/observe.ts';
import { CHECKS, type CheckState, checksOf, stateOf } from '../../watch/verdict.ts';
import { moment } from './mail.ts';
import type { Watching } from './watching.ts';

const TONES: Readonly<Record<CheckState, Tone>> = {
  good: 'good',
  warn: 'warn',
  bad: 'bad',
  unknown: 'warn',
  none: 'muted',
};
const WORDS: Readonly<Record<Exclude<CheckState, 'none'>, string>> = {
  good: 'well',
  warn: 'look',
  bad: 'wrong',
  unknown: 'unknown',
};
/** `2026-11-23 08:22` */
const minute = (ms: number): string => moment(ms).slice(0, 16);

const EVENTS = 50;
const HISTORY = 50;

export function watchRoom(
  { watcher, domains, scope, everyMs }: Watching,
  { hisps, organizations }: NetworkDefinition,
): WatchRoom {
  const kindOf = ({ domain, kind }: Watched): string => {
    const own = organizations.find((one) => one.domain === domain);
    return kind === 'partner' || !own ? 'partner' : `own, ${hisps[own.hisp]?.title ?? own.hisp}`;
  };
  const lineOf = async (watched: Watched, next: number | undefined): Promise<WatchLineView> => {
    const [last] = await watchHistory(scope, watched.domain, 1);
    const head = {
      domain: watched.domain,
      kind: kindOf(watched),
      ...(next === undefined ? {} : { next: minute(next) }),
    };
    if (!last) return { ...head, tone: 'muted', state: 'not yet', checks: [] };
    const checks = checksOf(seenIn(last.body));
    const state = stateOf(checks);
    return {
      ...head,
      tone: TONES[state],
      state: WORDS[state],
      at: minute(Number(last.last_at)),
      checks: checks.map(({ check, state: own, text }) => ({
        name: CHECKS[check],
        tone: TONES[own],
        text,
      })),
    };
  };
  const plans = async () =>
    new Map((await watchDomains(scope)).map(({ domain, next_at }) => [domain, Number(next_at)]));

  return {
    async all() {
      const next = await plans();
      return {
        lines: await Promise.all(domains.map((one) => lineOf(one, next.get(one.domain)))),
        events: (await watchEvents(scope, undefined, EVENTS)).map(eventView),
        every: `every ${Math.round(everyMs / 60_000)} minutes or so`,
      };
    },
    async domain(domain): Promise<WatchedView | undefined> {
      const watched = domains.find((one) => one.domain === domain);
      if (!watched) return undefined;
      const history = await watchHistory(scope, domain, HISTORY);
      return {
        line: await lineOf(watched, (await plans()).get(domain)),
        seen: history[0] ? factsOf(seenIn(history[0].body)) : [],
        events: (await watchEvents(scope, domain, EVENTS)).map(eventView),
        history: history.map(({ first_at, last_at, runs, body }) => {
          const checks = checksOf(seenIn(body));
          const state = stateOf(checks);
          const wrong = checks.filter((one) => one.state !== 'good' && one.state !== 'none');
          return {
            from: moment(Number(first_at)),
            to: moment(Number(last_at)),
            runs: Number(runs),
            tone: TONES[state],
            state: WORDS[state],
            text: wrong.map(({ check, text }) => `${CHECKS[check]}: ${text}`).join('; '),
          };
        }),
        alerts: (await watchAlerts(scope, domain, EVENTS)).map(alertView),
      };
    },
    look: async (domain) => (await watcher.look(domain)) !== undefined,
    async lookAtAll() {
      await watcher.round();
    },
  };
}

const seenIn = (body: string): Observation => observationSchema.parse(JSON.parse(body));

function eventView({ body }: WatchEventRow): WatchEventView {
  const event = eventSchema.parse(JSON.parse(body));
  return {
    at: moment(event.at),
    domain: event.domain,
    tone: toneOf(event),
    title: titleOf(event),
    text: `${event.text[0]!.toUpperCase()}${event.text.slice(1)}`,
    ...(event.todo === undefined ? {} : { todo: event.todo }),
  };
}

function alertView({ made_at, channel, attempts, next_at, done_at, why }: WatchAlertRow) {
  const head = { at: moment(Number(made_at)), channel };
  if (done_at !== null) return { ...head, tone: 'good' as const, text: `taken ${moment(Number(done_at))}` };
  if (next_at === null) return { ...head, tone: 'bad' as const, text: `given up: ${why ?? 'no reason'}` };
  const tried = Number(attempts) === 0 ? 'waits' : `tried ${Number(attempts)} times: ${why ?? 'no answer'}`;
  return { ...head, tone: 'busy' as const, text: tried };
}

/** Everything of an observation, under the names of the checks. */
function factsOf(seen: Observation): WatchedView['seen'] {
  const { discovery, servers, directories, trust, lists, mail, zone } = seen;
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  const certificates = discovery.certificates.map(
    ({ sha256, subject, notAfter, where }): WatchFactView => ({
      name: subject ?? 'cannot be read',
      tone: subject === undefined || (notAfter ?? 0) <= seen.at ? 'bad' : 'good',
      text: notAfter === undefined ? '' : `until ${day(notAfter)}`,
      detail: `${where}, SHA-256 ${sha256}`,
    }),
  );
  const silent = (error: string | undefined) => (error === undefined ? 'answers' : error);
  const hosting = [
    ...servers.map(
      ({ server, serial, error }): WatchFactView => ({
        name: server,
        tone: error === undefined ? 'good' : 'warn',
        text: serial === undefined ? silent(error) : `serial ${serial}`,
        ...(zone === undefined ? {} : { detail: `name server of ${zone}` }),
      }),
    ),
    ...directories.map(
      ({ server, error }): WatchFactView => ({
        name: server,
        tone: error === undefined ? 'good' : 'warn',
        text: silent(error),
        detail: 'directory',
      }),
    ),
  ];
  const verdicts = trust.map(({ eyes, verdict, why, anchors }): WatchFactView => {
    const by = anchors.map(({ name, source }) => `${name}, from ${source}`).join('; ');
    const detail = verdict === 'trusted' ? by : why;
    return {
      name: eyes,
      tone: verdict === 'trusted' ? 'good' : verdict === 'refused' ? 'muted' : 'warn',
      text: verdict === 'trusted' ? 'trusts it' : verdict === 'refused' ? 'does not trust it' : 'cannot tell',
      ...(detail ? { detail } : {}),
    };
  });
  const crls = lists.map(
    ({ url, state, why, nextUpdate }): WatchFactView => ({
      name: url,
      tone: state === 'fresh' ? 'good' : state === 'stale' ? 'bad' : 'warn',
      text: why ?? (nextUpdate === undefined ? 'in force' : `in force until ${moment(nextUpdate)}`),
    }),
  );
  const hosts = mail.hosts.map(
    ({ host, address, open, said }): WatchFactView => ({
      name: host,
      tone: open ? 'good' : 'bad',
      text: open ? `${address}, port 25 open` : `${address}, port 25: ${said ?? 'no answer'}`,
    }),
  );
  const groups: [string, readonly WatchFactView[]][] = [
    [CHECKS.discovery, certificates],
    [CHECKS.hosting, hosting],
    [CHECKS.trust, verdicts],
    [CHECKS.revocation, crls],
    [CHECKS.mx, hosts],
  ];
  const short = new Map(checksOf(seen).map(({ check, state, text }) => [CHECKS[check], { state, text }]));
  return groups.map(([name, facts]) => {
    const { state = 'none', text = '' } = short.get(name as (typeof CHECKS)[keyof typeof CHECKS]) ?? {};
    return { name, facts: facts.length > 0 ? facts : [{ name: '', tone: TONES[state], text }] };
  });
}
