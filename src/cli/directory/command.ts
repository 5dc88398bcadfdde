/**
 * What the `directory` verbs share: options, the directory that is meant, and failures in the terminal's manner.
 *
 * @module
 */
import { type Command, Option } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { type Directory, openDirectory } from '../../directory/directory.ts';
import { DirectoryError } from '../../directory/error.ts';
import { realHost } from '../../net/real.ts';
import { openState } from '../demo/state.ts';
import { Failure } from '../failure.ts';

export interface DirectoryOptions {
  readonly config?: string;
  readonly file?: string;
  readonly format: 'console' | 'json';
}

export const sub = (
  command: Command,
  usage: string,
  summary: string,
  formats: readonly string[] = ['console', 'json'],
): Command =>
  command
    .command(usage)
    .description(summary)
    .option('-c, --config <file>', 'configuration file (default: anchorage.yaml when there is one)')
    .option('--file <file>', 'the directory’s file (default: store/directory.sqlite of the state folder)')
    .addOption(
      new Option('--format <format>', 'form of the result').choices([...formats]).default('console'),
    );

/** Who does it, for the history. */
export const person = (): string => process.env['USER'] ?? 'operator';

/** Does the work with the directory, and closes it whatever happens. */
export async function atDirectory<T>(
  options: Pick<DirectoryOptions, 'config' | 'file'>,
  work: (directory: Directory) => Promise<T> | T,
): Promise<T> {
  const file =
    options.file ?? openState(loadConfig({ file: options.config }).state).path('store/directory.sqlite');
  try {
    const directory = await openDirectory(realHost({ name: 'directory' }), { file });
    try {
      return await work(directory);
    } finally {
      directory.close();
    }
  } catch (error) {
    throw failureOf(error);
  }
}

/** As the terminal tells it; other errors stay what they are. */
export function failureOf(error: unknown): unknown {
  if (!(error instanceof DirectoryError)) return error;
  const { hint, code } = error;
  return new Failure(error.message, { ...(hint ? { hint } : {}), exitCode: code === 'format' ? 1 : 2 });
}

/** @throws {Failure} */
export function whole(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new Failure(`"${text}" is no whole number`, { exitCode: 2 });
}
