/**
 * Systems outside that are under test, as the pages show them: from what runs have saved, so that a run which another
 * process does is seen as it goes on.
 *
 * @module
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { presentResult, presentRow, type ScenarioInfo, scenarioKey } from '../../../web/present/scenario.ts';
import type { TargetRoom } from '../../../web/rooms.ts';
import type { RunHeadView, TargetRunView, TargetView } from '../../../web/views.ts';
import type { Host } from '../../net/host.ts';
import { tally } from '../../outcome/status.ts';
import {
  type Entry,
  entryName,
  readCatalogue,
  readRun,
  readSession,
  type ScenarioReport,
  type SessionState,
  TranscriptError,
} from '../../scenario/index.ts';
import { Failure } from '../failure.ts';
import { readinessOfTarget } from '../run/readiness.ts';
import { readTarget } from '../run/target.ts';

/** @param state folder that the state of targets is kept in */
export function targetRoom(state: string, host: Pick<Host, 'now'>, version: string): TargetRoom {
  const folder = join(state, 'targets');
  const catalogue = new Map(readCatalogue().map((entry) => [entryName(entry), entry]));
  const sessions = (name: string): { id: string; state: SessionState }[] => {
    const runs = join(folder, name, 'runs');
    if (!SAFE.test(name) || !existsSync(runs)) return [];
    return readdirSync(runs)
      .flatMap((id) => {
        const found = readSession(join(runs, id));
        return found ? [{ id, state: found }] : [];
      })
      .sort((a, b) => b.state.started.localeCompare(a.state.started));
  };
  const target = (name: string): TargetView | undefined => {
    const runs = sessions(name);
    const [latest] = runs;
    if (!latest) return undefined;
    return {
      name,
      title: latest.state.title,
      runs: runs.map(({ id, state: one }) => runView(name, id, one, catalogue)),
    };
  };
  return {
    list: () =>
      existsSync(folder)
        ? readdirSync(folder, { withFileTypes: true })
            .filter((one) => one.isDirectory())
            .flatMap(({ name }) => target(name) ?? [])
        : [],
    target,
    result(name, run, key) {
      const found = sessions(name).find(({ id }) => id === run);
      const report = found?.state.done.find((one) => scenarioKey(one) === key);
      const entry = report && catalogue.get(nameOf(report));
      if (!found || !report || !entry) return undefined;
      const saved = join(folder, name, 'runs', run, nameOf(report).replace(' ', '.'));
      return presentResult(headOf(run, found.state), infoOf(entry), report, eventsOf(saved));
    },
    readiness(name) {
      const profile = sessions(name).find(({ state: one }) => one.profile)?.state.profile;
      if (profile === undefined) return undefined;
      try {
        const read = readTarget(profile, state);
        const runs = join(folder, name, 'runs');
        return readinessOfTarget({ target: read, name, version, now: host.now(), runs });
      } catch (error) {
        if (error instanceof Failure) return { refused: error.message };
        throw error;
      }
    },
  };
}

/** A folder of its own, and none elsewhere. */
const SAFE = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

const nameOf = ({ id, variant }: Pick<ScenarioReport, 'id' | 'variant'>): string =>
  variant ? `${id} ${variant}` : id;

const infoOf = ({ scenario, variant }: Entry): ScenarioInfo => ({
  id: scenario.id,
  ...(variant ? { variant } : {}),
  title: scenario.title,
  why: scenario.why,
  suite: scenario.suite,
  group: scenario.group,
  cites: scenario.cites,
  twins: 0,
});

function eventsOf(folder: string): ReturnType<typeof readRun>['events'] {
  try {
    return readRun(folder).events;
  } catch (error) {
    if (error instanceof TranscriptError) return [];
    throw error;
  }
}

const headOf = (id: string, { title, seed, started, done, entries }: SessionState): RunHeadView => ({
  id,
  selection: title,
  seed,
  at: started.slice(0, 19).replace('T', ' '),
  twins: false,
  state: done.length === entries.length ? 'done' : 'running',
  done: done.length,
  total: entries.length,
  tally: tally(done.map(({ status }) => status)),
});

function runView(
  name: string,
  id: string,
  state: SessionState,
  catalogue: ReadonlyMap<string, Entry>,
): TargetRunView {
  const { entries, done, waiting, current, strangers } = state;
  const reports = new Map(done.map((report) => [nameOf(report), report]));
  return {
    id,
    started: state.started.slice(0, 19).replace('T', ' '),
    done: done.length,
    total: entries.length,
    tally: tally(done.map(({ status }) => status)),
    ...(waiting
      ? { waiting: { what: waiting.what, until: waiting.until.slice(0, 16).replace('T', ' ') } }
      : {}),
    ...(current ? { current: current.entry } : {}),
    strangers: strangers.map(({ from, to, at }) => ({
      from,
      to: to.join(', '),
      at: at.slice(0, 19).replace('T', ' '),
    })),
    resume: `anchorage run --target ${state.profile ?? 'PROFILE'} --resume ${id}`,
    rows: entries.flatMap((entry) => {
      const known = catalogue.get(entry);
      if (!known) return [];
      const report = reports.get(entry);
      const row = presentRow(infoOf(known), report);
      if (report) return { ...row, href: `/targets/${name}/${id}/${row.key}` };
      return { ...row, status: current?.entry === entry ? ('running' as const) : ('waiting' as const) };
    }),
  };
}
