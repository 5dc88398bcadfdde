/**
 * What the `hisp` verbs share: options, which HISP is meant, and how results are printed.
 *
 * @module
 */
import { type Command, Option } from 'commander';
import { Failure } from '../failure.ts';
import { columns, note, out, style } from '../terminal.ts';
import { type HispDesk, openDesk } from './desk.ts';

export interface HispOptions {
  readonly config?: string;
  readonly hisp?: string;
  readonly format: 'console' | 'json';
}

/** A subcommand with the options that all have. */
export const sub = (command: Command, usage: string, summary: string): Command =>
  command
    .command(usage)
    .description(summary)
    .option('-c, --config <file>', 'configuration file (default: anchorage.yaml when there is one)')
    .option('--hisp <id>', 'which HISP of the network')
    .addOption(
      new Option('--format <format>', 'form of the result').choices(['console', 'json']).default('console'),
    );

/** Does the work with a desk that is closed again whatever happens. */
export async function atDesk<T>(options: HispOptions, work: (desk: HispDesk) => Promise<T>): Promise<T> {
  const desk = await openDesk(options);
  try {
    return await work(desk);
  } finally {
    await desk.close();
  }
}

/** The HISPs that are asked: the one that was named, or all. @throws {Failure} for one that is not there */
export function askedHisps({ hisps }: HispDesk, { hisp }: HispOptions): readonly string[] {
  if (hisp === undefined) return hisps;
  if (hisps.includes(hisp)) return [hisp];
  throw new Failure(`there is no HISP "${hisp}"`, { hint: `They are ${hisps.join(', ')}.`, exitCode: 2 });
}

/** The one HISP that is changed. @throws {Failure} when it has to be named */
export function oneHisp(desk: HispDesk, options: HispOptions): string {
  const [first, ...others] = askedHisps(desk, options);
  if (first !== undefined && others.length === 0) return first;
  throw new Failure('several HISPs are in this network: say which', {
    hint: `Add --hisp with one of ${desk.hisps.join(', ')}.`,
    exitCode: 2,
  });
}

export type Row = Readonly<Record<string, unknown>>;

/** Rows of every HISP that is asked, each with its `hisp`. */
export async function gather(desk: HispDesk, options: HispOptions, path: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const hisp of askedHisps(desk, options)) {
    const found = (await desk.call(hisp, 'GET', path)) as readonly Row[];
    rows.push(...found.map((row) => ({ hisp, ...row })));
  }
  return rows;
}

/** Prints rows as columns, or as they are. */
export function print(rows: readonly Row[], heads: readonly string[], options: HispOptions): void {
  if (options.format === 'json') {
    out(JSON.stringify(rows, null, 2));
    return;
  }
  if (rows.length === 0) {
    note('Nothing.');
    return;
  }
  const lines = columns([
    heads.map((head) => style.dim(head)),
    ...rows.map((row) => heads.map((head) => cell(row[head]))),
  ]);
  for (const line of lines) out(line.trimEnd());
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (Array.isArray(value)) return value.map(cell).join(' ') || '-';
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}

/** Says what was done; with `json`, what came of it. */
export function done(text: string, result: unknown, options: HispOptions): void {
  if (options.format === 'json') out(JSON.stringify(result ?? { done: text }, null, 2));
  else out(`${style.good('✓')} ${text}`);
}

/** Leaves out what was not given. */
export const given = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** Adds `<noun> list`. */
export function listed(
  command: Command,
  noun: { readonly path: string; readonly heads: readonly string[]; readonly summary: string },
): Command {
  return sub(command, 'list', noun.summary).action((options: HispOptions) =>
    atDesk(options, async (desk) => print(await gather(desk, options, noun.path), noun.heads, options)),
  );
}
