/**
 * `anchorage directory generate, search, export`.
 *
 * @module
 */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { createAuditor } from '../../directory/audit.ts';
import { isPublished } from '../../directory/choices.ts';
import { entries } from '../../directory/entries.ts';
import { generate } from '../../directory/generate/records.ts';
import { displayName } from '../../directory/record.ts';
import { search } from '../../directory/search.ts';
import { snapshot } from '../../directory/snapshots.ts';
import { TEXT_FORMATS, type TextFormat, textOf } from '../../directory/write/formats.ts';
import { realHost } from '../../net/real.ts';
import { Failure } from '../failure.ts';
import { columns, note, out, style } from '../terminal.ts';
import { atDirectory, type DirectoryOptions, person, sub, whole } from './command.ts';

const as = (fallback: TextFormat): Option =>
  new Option('--as <format>', 'form of the file').choices([...TEXT_FORMATS]).default(fallback);

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
    .addOption(
      new Option('--verified <yes|no>', 'only what our own discovery verified, or did not').choices([
        'yes',
        'no',
      ]),
    )
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
          verified?: 'yes' | 'no';
        },
      ) => {
        const { limit, state, hisp, type, specialty, domain, verified } = options;
        const filters = Object.fromEntries(
          Object.entries({ state, hisp, type, specialty, domain }).filter(([, value]) => value !== undefined),
        );
        const result = await atDirectory(options, (directory) =>
          search(directory, words.join(' '), {
            ...filters,
            ...(verified === undefined ? {} : { verified: verified === 'yes' }),
            limit: whole(limit),
          }),
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
        let count = 0;
        const records = function* () {
          count = 0;
          for (const entry of entries(directory, at)) {
            if (!published(entry)) continue;
            count += 1;
            yield entry.record;
          }
        };
        const extra = new Set<string>();
        if (options.as === 'csv') {
          for (const { extra: more } of records())
            for (const name of Object.keys(more ?? {})) extra.add(name);
        }
        await write(options.out, textOf(options.as, records(), [...extra]));
        createAuditor(directory).note(
          { kind: 'operator', name: person() },
          { face: 'cli', kind: 'bulk', query: `export ${options.as}`, results: count },
        );
      }),
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
