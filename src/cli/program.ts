/**
 * The command line: finds the verb, runs it, turns errors into exit codes.
 *
 * @module
 */
import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/error.ts';
import { nearest } from '../outcome/nearest.ts';
import { Failure } from './failure.ts';
import { note, style } from './terminal.ts';
import { VERBS } from './verbs.ts';
import { version } from './version.ts';

/** Exit codes: 0 well, 1 a required check failed, 2 bad usage or configuration, 3 the testbed failed. */
export async function main(argv: readonly string[]): Promise<number> {
  const wanted = argv.find((word) => !word.startsWith('-'));
  const program = new Command('anchorage')
    .description('Direct Secure Messaging trust-network directory and conformance testbed')
    .version(version())
    .exitOverride()
    .configureHelp({ helpWidth: 100 })
    .configureOutput({ outputError: (text, write) => write(style.bad(text)) })
    .showSuggestionAfterError(true)
    .addHelpText('after', '\nStart with: anchorage up\nHelp on one verb: anchorage <verb> --help');
  for (const verb of VERBS) {
    const command = program.command(verb.name).description(verb.summary).exitOverride();
    command.configureHelp({ helpWidth: 100 });
    if (verb.name === wanted) (await verb.load()).define(command);
  }
  quietOnClosedPipe();
  if (wanted !== undefined && wanted !== 'help' && !VERBS.some((verb) => verb.name === wanted)) {
    return unknownVerb(wanted);
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return exitCodeOf(error);
  }
}

function unknownVerb(word: string): number {
  const names = VERBS.map((verb) => verb.name);
  const near = nearest(word, names);
  note(style.bad(`anchorage: there is no verb "${word}"${near ? `; did you mean "${near}"?` : ''}`));
  note(`The verbs are ${names.join(', ')}. See: anchorage --help`);
  return 2;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) {
    const helped = error.code === 'commander.helpDisplayed' || error.code === 'commander.version';
    return helped || error.exitCode === 0 ? 0 : 2;
  }
  if (error instanceof ConfigError) {
    note(style.bad(error.message));
    return 2;
  }
  if (error instanceof Failure) {
    note(style.bad(`anchorage: ${error.message}`));
    if (error.hint) note(error.hint);
    return error.exitCode;
  }
  note(style.bad(`anchorage: ${error instanceof Error ? error.message : String(error)}`));
  if (process.env['ANCHORAGE_DEBUG'] && error instanceof Error) note(error.stack ?? '');
  else note('Set ANCHORAGE_DEBUG=1 to see where this came from.');
  return 3;
}

/** `anchorage … | head` is not an error. */
function quietOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 3);
  });
}
