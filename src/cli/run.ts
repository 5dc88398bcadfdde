/**
 * `anchorage run`: runs scenarios and reports.
 *
 * @module
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { realHost } from '../net/real.ts';
import { exitCode } from '../outcome/status.ts';
import { type Entry, entryName, PlanError, type RunReport, runSession } from '../scenario/index.ts';
import { Failure } from './failure.ts';
import { choose } from './run/choose.ts';
import { deliver, FORMATS, type Format } from './run/deliver.ts';
import { runOutside } from './run/outside.ts';
import { columns, out, style } from './terminal.ts';
import { version } from './version.ts';

interface RunOptions {
  readonly seed: number;
  readonly seeds: number;
  readonly twins: boolean;
  readonly list: boolean;
  readonly strict: boolean;
  readonly format: Format;
  readonly out?: string;
  readonly runs?: string;
  readonly target?: string;
  readonly resume?: string;
}

const whole = (text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 100_000) {
    throw new InvalidArgumentError('expected a whole number from 1 to 100000');
  }
  return number;
};

export function define(command: Command): void {
  command
    .argument(
      '[selector...]',
      'suites, groups or ids: discovery, DNS, d5, XD-02/no-san, XD-*; or scenario files; none: all',
    )
    .option('--seed <n>', 'seed of order, choices and timing', whole, 1)
    .option('--seeds <n>', 'run with so many seeds, from --seed on', whole, 1)
    .option(
      '--twins',
      'also run each broken twin, which must make exactly the checks that it names fail',
      false,
    )
    .option('--list', 'list the scenarios instead of running them', false)
    .option('--strict', 'count warnings and skips as failures in the exit code', false)
    .addOption(new Option('--format <format>', 'form of the report').choices(FORMATS).default('console'))
    .option('--out <file>', 'write the report into a file')
    .option('--runs <folder>', 'keep every run, with all its evidence, in a folder')
    .option(
      '--target <profile>',
      'put a system outside under test: a profile in YAML, as docs/targets.md has it',
    )
    .option('--resume <run>', 'with --target: go on with a run that was stopped')
    .addHelpText(
      'after',
      '\nExit code: 0 all passed, 1 a check failed, 3 the testbed could not judge, 2 nothing selected, 130 interrupted.',
    )
    .action(async (selectors: string[], options: RunOptions) => {
      process.exitCode = await run(selectors, options);
    });
}

async function run(selectors: readonly string[], options: RunOptions): Promise<number> {
  if (options.target !== undefined) return runOutside(selectors, { ...options, target: options.target });
  const { catalogue, chosen } = choose(selectors);
  if (options.list) {
    list(chosen, options.format);
    return 0;
  }
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  process.once('SIGINT', stop);
  const reports: RunReport[] = [];
  try {
    for (let seed = options.seed; seed < options.seed + options.seeds; seed++) {
      reports.push(await runSeed(seed, chosen, catalogue, options, abort.signal));
    }
  } catch (error) {
    if (error instanceof PlanError) throw new Failure(error.message, { exitCode: 2 });
    throw error;
  } finally {
    process.off('SIGINT', stop);
  }
  deliver(reports, options);
  if (abort.signal.aborted) return 130;
  const codes = reports.map((report) => exitCode(report.summary, { strict: options.strict }));
  return codes.includes(1) ? 1 : codes.includes(3) ? 3 : 0;
}

function list(entries: readonly Entry[], format: Format): void {
  if (format === 'console') {
    const rows = entries.map((entry) => [
      style.bold(entryName(entry).replace(' ', '/')),
      `${entry.scenario.suite} · ${entry.scenario.group}`,
      entry.scenario.title,
    ]);
    for (const line of columns(rows)) out(line);
    return;
  }
  for (const entry of entries) {
    const { id, title, suite, group, cites, twins } = entry.scenario;
    out(
      JSON.stringify({
        id,
        variant: entry.variant,
        title,
        suite,
        group,
        cites,
        twins: twins.map((twin) => twin.behaviour),
      }),
    );
  }
}

function runSeed(
  seed: number,
  entries: readonly Entry[],
  catalogue: readonly Entry[],
  options: RunOptions,
  signal: AbortSignal,
): Promise<RunReport> {
  const host = realHost({ name: 'cli' });
  const live = process.stderr.isTTY === true;
  const stamp = new Date(host.now()).toISOString().replace(/[:.]/g, '-');
  return runSession(entries, catalogue, {
    version: version(),
    run: `${stamp}-seed${seed}`,
    seed,
    twins: options.twins,
    mono: () => host.mono(),
    signal,
    ...(options.runs ? { runs: options.runs } : {}),
    onStart: (entry, index, count) => {
      if (live) process.stderr.write(`\r\u001b[K${index + 1}/${count} ${entryName(entry)}`);
    },
    onResult: (_report, index, count) => {
      if (live && index + 1 === count) process.stderr.write('\r\u001b[K');
    },
  });
}
