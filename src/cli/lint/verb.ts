/**
 * What `anchorage lint` and `anchorage cert lint` share.
 *
 * @module
 */
import { type Command, Option } from 'commander';
import { realHost } from '../../net/real.ts';
import type { RuleProfile } from '../../rule/index.ts';
import { readAt } from '../cert/time.ts';
import { Failure } from '../failure.ts';
import { out } from '../terminal.ts';
import { KINDS, type Kind } from './kind.ts';
import { consoleLines, jsonReport, tallyAll } from './report.ts';
import { sarifReport } from './sarif.ts';
import { lintFile } from './subjects.ts';

interface LintOptions {
  readonly kind?: Kind;
  readonly url?: string;
  readonly opened?: string;
  readonly pages?: string;
  readonly format: 'console' | 'json' | 'sarif';
  readonly profile: RuleProfile;
  readonly at?: string;
  readonly strict: boolean;
  readonly all: boolean;
}

/** @param only the one kind of file that the verb takes */
export function defineLint(command: Command, only?: Kind): void {
  command
    .argument(
      '<file...>',
      only === undefined
        ? 'certificates, bundles, zones, messages, notifications'
        : 'certificates, DER or PEM',
    )
    .addOption(
      new Option('--format <format>', 'form of the report')
        .choices(['console', 'json', 'sarif'])
        .default('console'),
    )
    .addOption(
      new Option('--profile <profile>', 'the Applicability Statement that counts')
        .choices(['1.2', '1.3'])
        .default('1.3'),
    )
    .option('--at <time>', 'the time that counts, such as 2026-03-01T12:00:00Z; default: now')
    .option('--strict', 'count warnings as failures in the exit code', false)
    .option('--all', 'also tell what passed and what does not apply', false)
    .option('--pages <url>', 'where the pages of an Anchorage are; findings then lead to their rules')
    .addHelpText(
      'after',
      '\nExit code: 0 no rule failed, 1 a rule failed, 2 bad usage. The rules: docs/rules.md, and /rules of the pages',
    )
    .action((files: string[], options: LintOptions) => {
      process.exitCode = run(files, { ...options, ...(only && { kind: only }) });
    });
  if (only === undefined)
    command
      .addOption(new Option('--kind <kind>', 'what the files are; default: as they look').choices([...KINDS]))
      .option('--url <url>', 'where the bundles are published')
      .option('--opened <file>', 'what the envelope of the message holds, decrypted')
      .addHelpText(
        'after',
        '\nA message that is enveloped is judged from outside; --opened shows what it holds. --kind message says\nthat the file is a message as it travels, so that one in clear fails.',
      );
}

function run(files: readonly string[], options: LintOptions): number {
  const context = { at: timeOf(options.at), profile: options.profile };
  if (options.opened !== undefined && files.length !== 1)
    throw new Failure('--opened belongs to one message', { exitCode: 2 });
  const linted = files.flatMap((file) => lintFile(file, options, context));
  const pages = rulePages(options.pages);
  if (options.format === 'console') for (const line of consoleLines(linted, options.all, pages)) out(line);
  else {
    const report =
      options.format === 'json' ? jsonReport(linted, context) : sarifReport(linted, context, pages);
    out(JSON.stringify(report, null, 2));
  }
  const { fail, warn } = tallyAll(linted);
  return fail > 0 || (options.strict && warn > 0) ? 1 : 0;
}

/** The address below which each rule has its page. */
function rulePages(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  if (!/^https?:/i.test(url) || !URL.canParse(url))
    throw new Failure(`--pages: found ${url}; expected a URL such as http://127.0.0.1:8080`, { exitCode: 2 });
  return new URL('/rules/', url).href;
}

function timeOf(at: string | undefined): number {
  try {
    return at === undefined ? realHost({ name: 'lint' }).now() : readAt(at);
  } catch (error) {
    if (error instanceof RangeError) throw new Failure(error.message, { exitCode: 2 });
    throw error;
  }
}
