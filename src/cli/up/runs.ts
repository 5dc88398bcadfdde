/**
 * The runs that were started from the pages: one at a time, the last ones kept in memory.
 *
 * @module
 */
import { Worker } from 'node:worker_threads';
import {
  presentResult,
  presentRow,
  type ScenarioInfo,
  SUITE_TITLES,
  scenarioKey,
} from '../../../web/present/scenario.ts';
import type { RunProgress, ScenarioRooms } from '../../../web/rooms.ts';
import type { RunHeadView, ScenarioRowView, ScenariosView } from '../../../web/views.ts';
import type { Host } from '../../net/host.ts';
import { type Status, tally } from '../../outcome/status.ts';
import {
  type Entry,
  type Event,
  readCatalogue,
  type ScenarioReport,
  SelectionError,
  select,
} from '../../scenario/index.ts';
import type { ScenarioNews, ScenarioWork } from './scenario-work.ts';

const KEPT = 20;

interface Run {
  readonly id: string;
  readonly selection: string;
  readonly seed: number;
  readonly twins: boolean;
  readonly at: string;
  readonly started: number;
  readonly infos: readonly ScenarioInfo[];
  readonly results: Map<number, { readonly report: ScenarioReport; readonly events: readonly Event[] }>;
  current: number | undefined;
  state: RunHeadView['state'];
  ms: number | undefined;
  failure: string | undefined;
  readonly listeners: Set<(progress: RunProgress) => void>;
}

export interface Runs extends ScenarioRooms {
  readonly last: () => RunHeadView | undefined;
  /** How many scenarios there are. */
  readonly count: number;
  stop(): Promise<void>;
}

/** Starts a thread for the work; `tell` hears what it has to say. */
export type StartWork = (work: ScenarioWork, tell: (news: ScenarioNews) => void) => () => Promise<unknown>;

export const inThread: StartWork = (work, tell) => {
  // Where this file is TypeScript so is the other one; in the published program both are JavaScript.
  const file = import.meta.url.endsWith('.ts') ? './scenario-thread.ts' : './scenario-thread.js';
  const thread = new Worker(new URL(file, import.meta.url), { workerData: work });
  thread.on('message', tell);
  thread.on('error', (error) => tell({ kind: 'failure', why: error.message }));
  return () => thread.terminate();
};

/** @throws {ScenarioFileError} when a scenario file cannot be read */
export function openRuns(host: Host, version: string, startWork: StartWork = inThread): Runs {
  const catalogue = readCatalogue();
  const runs: Run[] = [];
  let stopWork: () => Promise<unknown> = async () => undefined;

  const start: ScenarioRooms['start'] = (selectors, twins) => {
    const busy = runs.find((run) => run.state === 'running');
    if (busy) return { refused: `The run of ${busy.selection} is still going on; one runs at a time.` };
    let chosen: Entry[];
    try {
      chosen = select(catalogue, selectors);
    } catch (error) {
      if (!(error instanceof SelectionError)) throw error;
      return { refused: error.message };
    }
    const id = host.random.uuid().slice(0, 8);
    const now = host.now();
    const run: Run = {
      id,
      selection: nameOf(selectors, chosen),
      seed: 1 + host.random.int(99_999),
      at: new Date(now).toISOString().slice(0, 19).replace('T', ' '),
      started: host.mono(),
      infos: chosen.map(infoOf),
      results: new Map(),
      twins,
      current: undefined,
      state: 'running',
      ms: undefined,
      failure: undefined,
      listeners: new Set(),
    };
    runs.unshift(run);
    runs.splice(KEPT);
    const work = { run: id, seed: run.seed, twins, version, selectors };
    stopWork = startWork(work, (news) => hear(run, news, host));
    return { id };
  };

  const byId = (id: string) => runs.find((run) => run.id === id);
  return {
    count: catalogue.length,
    last: () => (runs[0] ? headOf(runs[0]) : undefined),
    list: () => listOf(catalogue, runs),
    start,
    stopRun(id) {
      const run = byId(id);
      if (run?.state !== 'running') return;
      void stopWork();
      finish(run, 'stopped', host);
    },
    run: (id) => {
      const run = byId(id);
      return run && { head: headOf(run), rows: run.infos.map((_, index) => rowOf(run, index)) };
    },
    follow(id, on) {
      const run = byId(id);
      run?.listeners.add(on);
      return () => void run?.listeners.delete(on);
    },
    result(id, key) {
      const run = byId(id);
      const index = run?.infos.findIndex((info) => scenarioKey(info) === key) ?? -1;
      const found = run?.results.get(index);
      return run && found && presentResult(headOf(run), run.infos[index]!, found.report, found.events);
    },
    stop: async () => void (await stopWork()),
  };
}

function say(run: Run, progress: RunProgress): void {
  for (const listen of run.listeners) listen(progress);
}

function finish(run: Run, state: RunHeadView['state'], host: Host): void {
  run.state = state;
  run.current = undefined;
  run.ms = host.mono() - run.started;
  say(run, { kind: 'end', head: headOf(run) });
}

function hear(run: Run, news: ScenarioNews, host: Host): void {
  switch (news.kind) {
    case 'start':
      run.current = news.index;
      say(run, { kind: 'row', row: rowOf(run, news.index), head: headOf(run) });
      return;
    case 'result':
      run.current = undefined;
      run.results.set(news.index, { report: news.report, events: news.events });
      say(run, { kind: 'row', row: rowOf(run, news.index), head: headOf(run) });
      return;
    case 'end':
    case 'failure':
      if (run.state !== 'running') return;
      run.failure = news.kind === 'failure' ? news.why : undefined;
      finish(run, news.kind === 'end' ? 'done' : 'failed', host);
  }
}

const statusesOf = (run: Run): Status[] => [...run.results.values()].map((result) => result.report.status);

const headOf = (run: Run): RunHeadView => ({
  id: run.id,
  selection: run.selection,
  seed: run.seed,
  twins: run.twins,
  at: run.at,
  state: run.state,
  done: run.results.size,
  total: run.infos.length,
  tally: tally(statusesOf(run)),
  ...(run.ms === undefined ? {} : { ms: run.ms }),
  ...(run.failure === undefined ? {} : { failure: run.failure }),
});

function rowOf(run: Run, index: number): ScenarioRowView {
  const row = presentRow(run.infos[index]!, run.results.get(index)?.report, run.id);
  if (row.status !== undefined || run.state !== 'running') return row;
  return { ...row, status: run.current === index ? 'running' : 'waiting' };
}

function listOf(catalogue: readonly Entry[], runs: readonly Run[]): ScenariosView {
  const latest = (key: string): ScenarioRowView | undefined => {
    for (const run of runs) {
      const index = run.infos.findIndex((info) => scenarioKey(info) === key);
      if (run.results.has(index)) return rowOf(run, index);
    }
    return undefined;
  };
  const rows = catalogue.map((entry) => {
    const row = presentRow(infoOf(entry), undefined);
    return latest(row.key) ?? row;
  });
  const suites = [...new Set(rows.map((row) => row.suite))].map((id) => {
    const own = rows.filter((row) => row.suite === id);
    const groups = [...new Set(own.map((row) => row.group))].map((title) => ({
      title,
      rows: own.filter((row) => row.group === title),
    }));
    return { id, title: SUITE_TITLES[id] ?? id, groups };
  });
  return { suites, runs: runs.map(headOf) };
}

const infoOf = ({ scenario, variant }: Entry): ScenarioInfo => ({
  id: scenario.id,
  ...(variant ? { variant } : {}),
  title: scenario.title,
  why: scenario.why,
  suite: scenario.suite,
  group: scenario.group,
  cites: scenario.cites,
  twins: scenario.twins.length,
});

function nameOf(selectors: readonly string[], chosen: readonly Entry[]): string {
  if (selectors.length === 0) return 'everything';
  if (selectors.length === 1) return SUITE_TITLES[selectors[0]!] ?? selectors[0]!;
  const single = chosen.filter((entry) => entry.scenario.include === undefined);
  const ids = [...new Set(single.map((entry) => entry.scenario.id))];
  return ids.length <= 3 ? ids.join(', ') : `${ids[0]} to ${ids.at(-1)}`;
}
