/**
 * `anchorage directory check, trend, report, npi-types`.
 *
 * @module
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { checkArchive, collectExamples } from '../../directory/check/archive.ts';
import { factsOf } from '../../directory/check/discovered.ts';
import { checkHtml } from '../../directory/check/html.ts';
import { type CheckReport, type Grouping, runChecks, trend } from '../../directory/check/run.ts';
import { verifyAddresses } from '../../directory/check/verify.ts';
import { loadNpiTypes, type NpiTable, npiTable } from '../../directory/npi-types.ts';
import { openSource } from '../../directory/read/source.ts';
import { countsBy, REPORTS, type ReportBy } from '../../directory/reports.ts';
import { snapshot } from '../../directory/snapshots.ts';
import { openLook } from '../check.ts';
import { columns, note, out, style } from '../terminal.ts';
import { atDirectory, type DirectoryOptions, sub } from './command.ts';

interface CheckOptions extends Omit<DirectoryOptions, 'format'> {
  readonly format: DirectoryOptions['format'] | 'html';
  readonly day?: string;
  readonly checks?: string[];
  readonly by: Grouping;
  readonly out?: string;
  readonly discover?: boolean;
  readonly from?: string;
  readonly anchor?: string[];
}

const grouping = new Option('--by <group>', 'group by').choices(['state', 'hisp']).default('state');

export function checkingCommands(command: Command): void {
  sub(command, 'check', 'hold the directory against the compliance checks', ['console', 'json', 'html'])
    .option('--day <day>', 'a publication; default what is shown now')
    .option('--checks <code...>', 'only these checks')
    .addOption(grouping)
    .option('-o, --out <file.zip>', 'write a ZIP with a CSV for each check that found something')
    .option('--discover', 'look the certificates up first; what was found within a day is not asked again')
    .option('--from <address>', 'judge certificates with the anchors of this address’s domain')
    .option('--anchor <file...>', 'judge certificates with these anchors instead')
    .addHelpText('after', '\nExit code: 0 nothing was found, 1 something was.')
    .action((options: CheckOptions) => check(options));

  sub(command, 'trend <before> <after>', 'failures of each check in two publications').action(
    async (before: string, after: string, options: DirectoryOptions) => {
      const lines = await atDirectory(options, (directory) => trend(directory, before, after));
      if (options.format === 'json') out(JSON.stringify(lines, null, 2));
      else
        for (const line of columns([
          ['check', before, after],
          ...lines.map((one) => [one.code, String(one.before), String(one.after)]),
        ]))
          out(line);
    },
  );

  sub(command, 'report', 'count the entries by state, HISP, kind or age')
    .addOption(new Option('--by <group>', 'count by').choices([...REPORTS]).default('state'))
    .option('--day <day>', 'a publication; default what is shown now')
    .action(async (options: DirectoryOptions & { by: ReportBy; day?: string }) => {
      const report = await atDirectory(options, (directory) =>
        countsBy(
          directory,
          options.by,
          ...(options.day === undefined ? [] : [snapshot(directory, options.day).revision]),
        ),
      );
      if (options.format === 'json') out(JSON.stringify(report, null, 2));
      else
        for (const line of columns([
          [options.by, ...report.columns.map((name) => name.toLowerCase())],
          ...report.rows.map(({ name, counts }) => [name, ...counts.map(String)]),
        ]))
          out(line);
    });

  sub(
    command,
    'npi-types [file]',
    'load the table that says which NPI is a person’s and which an organization’s (npidata_pfile of NPPES)',
  )
    .addHelpText('after', '\nWithout a file: what is loaded.')
    .action(async (file: string | undefined, options: DirectoryOptions) => {
      const table = await atDirectory(options, (directory) =>
        file === undefined
          ? npiTable(directory)
          : loadNpiTypes(directory, openSource(file, 'csv'), (rows) => {
              if (rows % 1_000_000 === 0) note(`${rows} rows`);
            }),
      );
      if (options.format === 'json') out(JSON.stringify(table ?? null, null, 2));
      else out(told(table));
    });
}

const told = (table: NpiTable | undefined): string =>
  table === undefined
    ? 'No table is loaded.'
    : `${table.source}: ${table.persons} persons, ${table.organizations} organizations`;

async function check(options: CheckOptions): Promise<void> {
  const examples = collectExamples();
  const report = await atDirectory(options, async (directory) => {
    if (options.discover) {
      const { lookUp, from, eyes } = await openLook(options);
      const result = await verifyAddresses(
        directory,
        async (address) => {
          const { discovery, decision } = await lookUp(address, from);
          return factsOf(discovery, decision);
        },
        {
          pauseMs: 50,
          onProgress: (done, total) =>
            done % 1000 === 0 ? note(`${done} of ${total} addresses`) : undefined,
        },
      );
      note(
        `Certificates as seen by ${eyes}: ${result.asked} asked, ${result.cached} known, ${result.verified} well, ${result.failed} not, ${result.temporary} without an answer`,
      );
    }
    const request = {
      by: options.by,
      ...(options.day ? { day: options.day } : {}),
      ...(options.checks ? { codes: options.checks } : {}),
    };
    if (!options.out) return runChecks(directory, { ...request, onFailure: examples.take });
    const handle = openSync(options.out, 'w');
    try {
      return await checkArchive(
        directory,
        { ...request, onFailure: examples.take },
        (bytes) => void writeSync(handle, bytes),
      );
    } finally {
      closeSync(handle);
    }
  });
  if (options.format === 'json') out(JSON.stringify(report, null, 2));
  else if (options.format === 'html') out(checkHtml(report, examples.found));
  else print(report);
  process.exitCode = report.clean === report.entries ? 0 : 1;
}

function print(report: CheckReport): void {
  out(`${report.entries} entries on ${report.day}, ${report.clean} without a finding`);
  for (const line of columns(
    report.checks.map(({ code, failures }) => [
      failures > 0 ? style.bad('✗') : style.good('✓'),
      code,
      String(failures),
    ]),
  ))
    out(line);
  if (report.undiscovered > 0)
    note(
      `${report.undiscovered} were not looked up: the checks of certificates say nothing of them (--discover).`,
    );
}
