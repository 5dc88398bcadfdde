/**
 * `anchorage readiness`: how ready a system outside is, from its saved runs.
 *
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Command, Option } from 'commander';
import { standaloneReadiness } from '../../web/pages/readiness-file.ts';
import { realHost } from '../net/real.ts';
import type { Readiness } from '../scenario/index.ts';
import { Failure } from './failure.ts';
import { readinessOfTarget } from './run/readiness.ts';
import { readTarget, STATE } from './run/target.ts';
import { columns, note, style } from './terminal.ts';
import { version } from './version.ts';

const FORMATS = ['console', 'html', 'json'] as const;

interface Options {
  readonly target: string;
  readonly format: (typeof FORMATS)[number];
  readonly out?: string;
  readonly runs?: string;
}

export function define(command: Command): void {
  command
    .requiredOption('--target <profile>', 'profile of the system, YAML')
    .addOption(
      new Option('--format <format>', 'html is one file that needs nothing else')
        .choices(FORMATS)
        .default('console'),
    )
    .option('--out <file>', 'write it into a file')
    .option('--runs <folder>', 'where its runs are kept, if not in .anchorage')
    .action(async (options: Options) => {
      const target = readTarget(options.target, STATE);
      const readiness = readinessOfTarget({
        target,
        name: basename(options.target).replace(/\.ya?ml$/, ''),
        version: version(),
        now: realHost({ name: 'readiness' }).now(),
        runs: options.runs ?? join(target.folder, 'runs'),
      });
      if (readiness.runs.length === 0) {
        throw new Failure(`there are no runs of ${options.target} yet`, {
          hint: `Start with: anchorage run --target ${options.target}`,
          exitCode: 2,
        });
      }
      const text = await render(readiness, options);
      if (!options.out) return void process.stdout.write(text);
      mkdirSync(dirname(options.out), { recursive: true });
      writeFileSync(options.out, text);
      note(`readiness written to ${options.out}`);
    });
}

async function render(readiness: Readiness, { format }: Options): Promise<string> {
  switch (format) {
    case 'console':
      return `${consoleLines(readiness).join('\n')}\n`;
    case 'html':
      return standaloneReadiness(readiness);
    case 'json':
      return `${JSON.stringify(readiness, null, 2)}\n`;
  }
}

const looks = (verdict: string): string => {
  if (verdict === 'pass') return style.good(verdict);
  return verdict === 'fail' ? style.bad(verdict) : style.warn(verdict.replace('-', ' '));
};

function consoleLines(readiness: Readiness): string[] {
  const { target, areas, notTested, actions, purpose } = readiness;
  const row = ({ title, verdict, complete, counts, oldest, firstCause }: Readiness['areas'][number]) => [
    looks(verdict),
    style.bold(title),
    `${counts.pass} of ${counts.pass + counts.fail + counts.warn + counts.error} passed${complete ? '' : ', not complete'}`,
    oldest ? style.dim(`oldest ${oldest.slice(0, 16).replace('T', ' ')}`) : '',
    firstCause ? `${firstCause.scenario}: ${firstCause.text}` : '',
  ];
  return [
    style.bold(target.title),
    style.dim(purpose),
    '',
    ...columns(areas.map(row)).map((line) => line.trimEnd()),
    '',
    style.bold('Not tested'),
    ...notTested.map(
      ({ why, what }) => `  ${style.dim(String(what.length).padStart(3))} ${why}: ${few(what)}`,
    ),
    '',
    style.bold('To do'),
    ...actions.map(
      ({ scenario, text }, index) => `  ${index + 1}. ${text} ${style.dim(few(scenario.split(', ')))}`,
    ),
  ];
}

const few = (what: readonly string[]): string =>
  what.length <= 4 ? what.join(', ') : `${what.slice(0, 4).join(', ')} and ${what.length - 4} more`;
