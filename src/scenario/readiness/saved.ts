/**
 * The saved runs of a target: the latest result of each scenario.
 *
 * @module
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ScenarioReport } from '../report/schema.ts';
import { readSession, type SessionState } from '../target/outside-session.ts';

export interface SavedResult {
  /** `d1-d18/isolated` */
  readonly name: string;
  readonly report: ScenarioReport;
  readonly run: string;
  /** ISO 8601, when it is known. */
  readonly at: string | undefined;
  /** Folder of its evidence. */
  readonly folder: string;
}

export interface SavedRun {
  readonly id: string;
  readonly state: SessionState;
}

/** `d1-d18/isolated`: id, and variant after a slash. */
export const nameOf = ({ id, variant }: Pick<ScenarioReport, 'id' | 'variant'>): string =>
  variant ? `${id}/${variant}` : id;

/** All runs below the folder, oldest first. @throws {Error} one of them cannot be read */
export function savedRuns(folder: string): SavedRun[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((id) => {
      const state = readSession(join(folder, id));
      return state ? [{ id, state }] : [];
    })
    .sort((a, b) => a.state.started.localeCompare(b.state.started));
}

/** Of each scenario that one time ran the latest result; of others what they were left out for. */
export function latestResults(folder: string, runs: readonly SavedRun[]): SavedResult[] {
  const latest = new Map<string, SavedResult>();
  for (const { id: run, state } of runs) {
    for (const report of state.done) {
      const name = nameOf(report);
      const entry = name.replace('/', ' ');
      const before = latest.get(name);
      if (before && ran(before.report) && !ran(report)) continue;
      latest.set(name, {
        name,
        report,
        run,
        at: state.ended[entry],
        folder: join(folder, run, entry.replace(' ', '.')),
      });
    }
  }
  return [...latest.values()];
}

/** Whether the scenario ran at all. */
export const ran = ({ status, checks }: ScenarioReport): boolean =>
  checks.length > 0 || (status !== 'skip' && status !== 'na');
