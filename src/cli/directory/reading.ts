/**
 * `anchorage directory generate, search, export, check, trend`.
 *
 * @module
 */
import { closeSync, createWriteStream, openSync, writeSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { checkArchive } from '../../directory/check/archive.ts';
import { factsOf } from '../../directory/check/discovered.ts';
import { type CheckReport, type Grouping, runChecks, trend } from '../../directory/check/run.ts';
import { verifyAddresses } from '../../directory/check/verify.ts';
import { isPublished } from '../../directory/choices.ts';
import { entries } from '../../directory/entries.ts';
import { generate } from '../../directory/generate/records.ts';
import { displayName } from '../../directory/record.ts';
import { search } from '../../directory/search.ts';
import { snapshot } from '../../directory/snapshots.ts';
import { TEXT_FORMATS, type TextFormat, textOf } from '../../directory/write/formats.ts';
import { realHost } from '../../net/real.ts';
import { openLook } from '../check.ts';
import { Failure } from '../failure.ts';
import { columns, note, out, style } from '../terminal.ts';
import { atDirectory, type DirectoryOptions, sub, whole } from './command.ts';

interface CheckOptions extends DirectoryOptions {
  readonly day?: string;
  readonly checks?: string[];
  readonly by: Grouping;
  readonly out?: string;
  readonly discover?: boolean;
  readonly from?: string;
  readonly anchor?: string[];
}

const as = (fallback: TextFormat): Option =>
  new Option('--as <format>', 'form of the file').choices([...TEXT_FORMATS]).default(fallback);

const grouping = new Option('--by <group>', 'group by').choices(['state', 'hisp']).default('state');

export function readingCommands(command: Command): void {
  command
    .command('generate')
    .description('write an invented directory of any size, the same for the same seed')
    .option('--count <number>', 'endpoints', '1000')
    .option('--seed <seed>', 'seed', '1')
    .option('--today <day>', 'the day that counts as today, YYYY-MM-DD')
    .addOption(as('csv'))
    .option('-o, --out <file>', 'file; default stdout')
    .action((options: { count: string; seed: string; today?: string; as: TextFormat; out?: string }) => {
      const today = options.today ?? new Date(realHost().now()).toISOString().slice(0, 10);
      return write(
        options.out,
        textOf(options.as, generate({ seed: options.seed, count: whole(options.count), today })),
      );
    });

  sub(command, 'search <words...>', 'find by name, NPI, city, domain or address')
    .option('--state <code>', 'only in a state')
    .option('--hisp <name>', 'only of a HISP')
    .option('--type <type>', 'only person, organisation, department or device')
    .option('--specialty <code>', 'only a NUCC code')
    .option('--domain <domain>', 'only in a domain')
    .option('--limit <number>', 'results', '25')
    .action(
      async (
        words: string[],
        options: DirectoryOptions & {
          limit: string;
          state?: string;
          hisp?: string;
          type?: string;
          specialty?: string;
          domain?: string;
        },
      ) => {
        const { limit, state, hisp, type, specialty, domain } = options;
        const filters = Object.fromEntries(
          Object.entries({ state, hisp, type, specialty, domain }).filter(([, value]) => value !== undefined),
        );
        const result = await atDirectory(options, (directory) =>
          search(directory, words.join(' '), { ...filters, limit: whole(limit) }),
        );
        if (options.format === 'json') out(JSON.stringify(result, null, 2));
        else {
          const rows = result.hits.map(({ entry: { record, active } }) => [
            active ? record.DIRECT_ADDRESS : style.dim(record.DIRECT_ADDRESS),
            displayName(record),
            record.ORG_NAME,
            `${record.ORG_CITY} ${record.ORG_STATE}`,
            active ? '' : style.dim('not verified'),
          ]);
          for (const line of columns(rows)) out(line);
          if (rows.length === 0) note('Nothing.');
          if (result.more) note('There are more: --limit, or more words.');
        }
        process.exitCode = result.hits.length > 0 ? 0 : 1;
      },
    );

  sub(command, 'export', 'write what is published')
    .addOption(as('csv'))
    .option('--day <day>', 'a publication; default what is shown now')
    .option('-o, --out <file>', 'file; default stdout')
    .action((options: DirectoryOptions & { as: TextFormat; day?: string; out?: string }) =>
      atDirectory(options, async (directory) => {
        const at = options.day ? { at: snapshot(directory, options.day).revision } : {};
        const published = isPublished(directory);
        const records = function* () {
          for (const entry of entries(directory, at)) if (published(entry)) yield entry.record;
        };
        const extra = new Set<string>();
        if (options.as === 'csv') {
          for (const { extra: more } of records())
            for (const name of Object.keys(more ?? {})) extra.add(name);
        }
        await write(options.out, textOf(options.as, records(), [...extra]));
      }),
    );

  sub(command, 'check', 'hold the directory against the compliance checks')
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
}

async function check(options: CheckOptions): Promise<void> {
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
    if (!options.out) return runChecks(directory, request);
    const handle = openSync(options.out, 'w');
    try {
      return await checkArchive(directory, request, (bytes) => void writeSync(handle, bytes));
    } finally {
      closeSync(handle);
    }
  });
  if (options.format === 'json') out(JSON.stringify(report, null, 2));
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

/** Pieces of about a megabyte to a file or to stdout. */
async function write(file: string | undefined, pieces: Iterable<string>): Promise<void> {
  const stream = file === undefined ? process.stdout : createWriteStream(file);
  try {
    await pipeline(megabytes(pieces), stream, { end: file !== undefined });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE') return;
    if (code === undefined) throw error;
    throw new Failure(`${file ?? 'stdout'} cannot be written: ${message}`);
  }
}

function* megabytes(pieces: Iterable<string>): Generator<string> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length > 1 << 20) {
      yield text;
      text = '';
    }
  }
  yield text;
}
