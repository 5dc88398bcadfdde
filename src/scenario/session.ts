/**
 * A run of several scenarios, one after another, with progress.
 *
 * @module
 */
import { join } from 'node:path';
import type { Json } from '../net/host.ts';
import { planOf } from './cases.ts';
import { type Entry, entryName } from './catalogue.ts';
import { execute } from './execute.ts';
import type { TwinResult } from './judge/result.ts';
import { runReport, scenarioReport } from './report/report.ts';
import type { RunReport, ScenarioReport } from './report/schema.ts';
import { type Event, writeRun } from './transcript.ts';
import { runTwin } from './twins.ts';

export interface SessionOptions {
  readonly version: string;
  /** Name of the run; its folder below `runs`. */
  readonly run: string;
  readonly seed: number | string;
  readonly twins?: boolean;
  /** Folder to keep every run in. */
  readonly runs?: string;
  readonly crossCheck?: boolean;
  /** Milliseconds of a clock that never jumps. */
  readonly mono: () => number;
  readonly signal?: AbortSignal;
  readonly onStart?: (entry: Entry, index: number, count: number) => void;
  readonly onEvent?: (entry: Entry, event: Event) => void;
  readonly onResult?: (report: ScenarioReport, index: number, count: number) => void;
}

/**
 * Runs the entries and reports on all of them; those that an abort came before are `cancelled`.
 *
 * @param catalogue where included scenarios are found
 * @throws {PlanError} when a scenario cannot be built as it is written
 */
export async function runSession(
  entries: readonly Entry[],
  catalogue: readonly Entry[],
  options: SessionOptions,
): Promise<RunReport> {
  const reports: ScenarioReport[] = [];
  for (const [index, entry] of entries.entries()) {
    options.onStart?.(entry, index, entries.length);
    const report = options.signal?.aborted ? cancelled(entry) : await runEntry(entry, catalogue, options);
    reports.push(report);
    options.onResult?.(report, index, entries.length);
  }
  return runReport(reports, { version: options.version, run: options.run, seed: options.seed });
}

async function runEntry(
  entry: Entry,
  catalogue: readonly Entry[],
  options: SessionOptions,
): Promise<ScenarioReport> {
  const started = options.mono();
  const plan = planOf(entry, catalogue);
  const settings = {
    seed: options.seed,
    version: options.version,
    ...(options.crossCheck === undefined ? {} : { crossCheck: options.crossCheck }),
  };
  const { transcript, result } = await execute(plan, {
    ...settings,
    ...(options.onEvent ? { onEvent: (event) => options.onEvent?.(entry, event) } : {}),
  });
  const folder = options.runs && join(options.runs, options.run, entryName(entry).replace(' ', '.'));
  if (folder) writeRun(folder, transcript, result as unknown as Json);
  const twins: TwinResult[] = [];
  for (const twin of options.twins ? plan.scenario.twins : []) {
    if (options.signal?.aborted) break;
    twins.push(await runTwin(plan, twin, { ...settings, crossCheck: false }));
  }
  return scenarioReport({
    result,
    durationMs: options.mono() - started,
    ...(options.twins ? { twins } : {}),
    ...(folder ? { run: folder } : {}),
  });
}

function cancelled({ scenario, variant }: Entry): ScenarioReport {
  return {
    id: scenario.id,
    ...(variant ? { variant } : {}),
    title: scenario.title,
    suite: scenario.suite,
    group: scenario.group,
    status: 'cancelled',
    cites: scenario.cites,
    durationMs: 0,
    virtualMs: 0,
    checks: [],
  };
}
