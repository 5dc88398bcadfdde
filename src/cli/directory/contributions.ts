/**
 * `anchorage directory import, contributor, history, findings, approve, refuse, undo, publish`.
 *
 * @module
 */
import { type Command, Option } from 'commander';
import { approve, contribute, type Progress, refuse } from '../../directory/contribute.ts';
import { type Contribution, findings, history } from '../../directory/contributions.ts';
import { findContributor, putContributor } from '../../directory/directory.ts';
import { preview } from '../../directory/preview.ts';
import { FORMATS, type Format, openSource } from '../../directory/read/source.ts';
import { COLUMNS, type Column } from '../../directory/record.ts';
import { publish } from '../../directory/snapshots.ts';
import { undo } from '../../directory/undo.ts';
import { Failure } from '../failure.ts';
import { columns, note, out, style } from '../terminal.ts';
import { atDirectory, type DirectoryOptions, person, sub, whole } from './command.ts';

interface ImportOptions extends DirectoryOptions {
  readonly contributor: string;
  readonly incremental?: boolean;
  readonly as?: Format;
  readonly map?: string[];
  readonly tolerate: string;
  readonly dryRun?: boolean;
}

export function contributionCommands(command: Command): void {
  sub(
    command,
    'import <file>',
    'take a contribution: CSV, NPPES endpoints, FHIR bundle, LDIF, NDJSON; also in a ZIP',
  )
    .requiredOption('--contributor <id>', 'whose it is; a new one is made')
    .option(
      '--incremental',
      'add, change and delete (column CHANGE), instead of replacing all of the contributor',
    )
    .addOption(
      new Option('--as <format>', 'what the file is; default: what it looks like').choices([...FORMATS]),
    )
    .option('--map <header=COLUMN...>', 'header names of the file’s own')
    .option('--tolerate <count>', 'wrong records up to which the others are taken', '0')
    .option('--dry-run', 'say what would change, and change nothing')
    .addHelpText(
      'after',
      '\nA run that was stopped goes on when the same file is imported again.\nExit code: 0 taken, 1 refused.',
    )
    .action((file: string, options: ImportOptions) => importFile(file, options));

  sub(command, 'contributor <id>', 'add a contributor, or change it')
    .option('--name <name>', 'its name')
    .option('--domain <domain...>', 'domains that its addresses lie in; default any')
    .option('--approval <yes|no>', 'whether its contributions wait for approval')
    .action(
      async (
        id: string,
        options: DirectoryOptions & { name?: string; domain?: string[]; approval?: string },
      ) => {
        const made = await atDirectory(options, (directory) =>
          putContributor(directory, {
            id,
            ...(options.name ? { name: options.name } : {}),
            ...(options.domain ? { domains: options.domain } : {}),
            ...(options.approval ? { approval: options.approval === 'yes' } : {}),
          }),
        );
        out(JSON.stringify(made, null, 2));
      },
    );

  sub(command, 'history', 'contributions, newest first').action(async (options: DirectoryOptions) => {
    const all = await atDirectory(options, (directory) => history(directory));
    if (options.format === 'json') out(JSON.stringify(all, null, 2));
    else
      for (const line of columns(
        all.map((one) => [
          String(one.id),
          day(one.startedAt),
          one.contributor,
          one.kind,
          one.state,
          one.source,
          counted(one),
        ]),
      ))
        out(line);
  });

  sub(command, 'findings <id>', 'what was wrong with a contribution, record by record').action(
    async (id: string, options: DirectoryOptions) => {
      const found = await atDirectory(options, (directory) => findings(directory, whole(id)));
      if (options.format === 'json') out(JSON.stringify(found, null, 2));
      else for (const one of found) out(told(one));
    },
  );

  sub(command, 'approve <id>', 'apply a contribution that waits').action(
    async (id: string, options: DirectoryOptions) =>
      done(
        await atDirectory(options, (directory) => approve(directory, whole(id), { by: person() })),
        options,
      ),
  );
  sub(command, 'refuse <id>', 'give up a contribution that waits')
    .option('--reason <text>', 'why', 'refused')
    .action(async (id: string, options: DirectoryOptions & { reason: string }) =>
      done(await atDirectory(options, (directory) => refuse(directory, whole(id), options.reason)), {
        ...options,
        refusedIsFine: true,
      }),
    );
  sub(command, 'undo <id>', 'take a contribution back; what was changed since stays').action(
    async (id: string, options: DirectoryOptions) =>
      done(await atDirectory(options, (directory) => undo(directory, whole(id), person())), options),
  );
  sub(command, 'publish <day>', 'make the dated publication of what is shown now').action(
    async (at: string, options: DirectoryOptions) => {
      out(JSON.stringify(await atDirectory(options, (directory) => publish(directory, at)), null, 2));
    },
  );
}

async function importFile(file: string, options: ImportOptions): Promise<void> {
  await atDirectory(options, async (directory) => {
    const id = options.contributor;
    if (!findContributor(directory, id)) putContributor(directory, { id });
    const request = {
      contributor: id,
      source: openSource(file, options.as),
      kind: options.incremental ? ('incremental' as const) : ('whole' as const),
      by: person(),
      tolerate: whole(options.tolerate),
      ...(options.map ? { mapping: mappingOf(options.map) } : {}),
      onProgress: progress(),
    };
    if (options.dryRun) {
      const result = await preview(directory, request);
      if (options.format === 'json') out(JSON.stringify(result, null, 2));
      else {
        for (const { what, address, line, fields } of result.changes) {
          out(`${what}  ${address}${line > 0 ? style.dim(`  line ${line}`) : ''}`);
          for (const { column, before, after } of fields) out(`    ${column}: '${before}' → '${after}'`);
        }
        for (const one of result.faults) out(told(one));
        out(JSON.stringify(result.counts));
      }
      process.exitCode = result.refused ? 1 : 0;
      return;
    }
    const result = await contribute(directory, request);
    if (result.state === 'refused' && options.format === 'console') {
      for (const one of findings(directory, result.id, 20)) out(told(one));
    }
    done(result, options);
  });
}

function mappingOf(pairs: readonly string[]): Record<string, Column> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.lastIndexOf('=');
      const column = COLUMNS.find((one) => one === pair.slice(at + 1).toUpperCase());
      if (at > 0 && column) return [pair.slice(0, at), column];
      throw new Failure(`"${pair}" maps nothing`, {
        hint: `Expected HEADER=COLUMN, with one of ${COLUMNS.join(', ')}.`,
        exitCode: 2,
      });
    }),
  );
}

/** A line now and then, on stderr. */
function progress(): (progress: Progress) => void {
  let next = 50_000;
  return ({ records, part, rate, remainingMs }) => {
    if (records < next) return;
    next = records + 50_000;
    const left = remainingMs === undefined ? '' : `, ${Math.ceil(remainingMs / 1000)} s left`;
    note(`${records} records, ${Math.round(part * 100)} %, ${Math.round(rate)} a second${left}`);
  };
}

function done(result: Contribution, options: DirectoryOptions & { refusedIsFine?: boolean }): void {
  if (options.format === 'json') out(JSON.stringify(result, null, 2));
  else {
    const good = result.state !== 'refused';
    out(
      `${good ? style.good('✓') : style.bad('✗')} contribution ${result.id} of ${result.contributor} is ${result.state}: ${counted(result)}`,
    );
    if (result.reason) out(`  ${result.reason}`);
    if (result.state === 'waiting') out(`  Approve it: anchorage directory approve ${result.id}`);
  }
  if (result.state === 'refused' && !options.refusedIsFine) process.exitCode = 1;
}

const counted = ({ counts }: Contribution): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ') || 'nothing';

const told = (one: { line: number; column: string; found: string; expected: string }): string =>
  `line ${one.line}${one.column ? `, ${one.column}` : ''}: found ${one.found}; expected ${one.expected}`;

const day = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
