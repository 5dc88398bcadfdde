/**
 * `anchorage report`: judges a saved run again.
 *
 * @module
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { exitCode } from '../outcome/status.ts';
import {
  judge,
  readRun,
  runReport,
  type ScenarioReport,
  scenarioReport,
  TranscriptError,
} from '../scenario/index.ts';
import { Failure } from './failure.ts';
import { render } from './run/deliver.ts';
import { version } from './version.ts';

interface ReportOptions {
  readonly format: 'console' | 'json' | 'ndjson' | 'junit';
  readonly strict: boolean;
}

export function define(command: Command): void {
  command
    .argument('<folder>', 'a saved run, or a folder of saved runs (what run --runs wrote)')
    .addOption(
      new Option('--format <format>', 'form of the report')
        .choices(['console', 'json', 'ndjson', 'junit'])
        .default('console'),
    )
    .option('--strict', 'count warnings and skips as failures in the exit code', false)
    .action((folder: string, options: ReportOptions) => {
      const judged = foldersOf(folder).map(judgeAgain);
      const seed = judged[0]?.seed ?? 0;
      const report = runReport(
        judged.map((one) => one.report),
        { version: version(), run: folder, seed },
      );
      process.stdout.write(render(report, options));
      process.exitCode = exitCode(report.summary, options);
    });
}

function foldersOf(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch (error) {
    throw new Failure(`${folder} cannot be read: ${(error as Error).message}`, { exitCode: 2 });
  }
  const found = names
    .filter((name) => name.endsWith('events.ndjson'))
    .map((name) => join(folder, name, '..'));
  if (found.length === 0) {
    throw new Failure(`${folder} holds no saved run (no events.ndjson in it)`, {
      hint: 'Make one with: anchorage run d5 --runs ./runs',
      exitCode: 2,
    });
  }
  return found.toSorted();
}

function judgeAgain(folder: string): { report: ScenarioReport; seed: number | string } {
  try {
    const { events, blob } = readRun(folder);
    const seed = (events[0]?.summary as { seed?: number | string } | undefined)?.seed ?? 0;
    return { report: scenarioReport({ result: judge(events, blob), durationMs: 0, run: folder }), seed };
  } catch (error) {
    if (error instanceof TranscriptError) throw new Failure(error.message, { exitCode: 2 });
    throw error;
  }
}
