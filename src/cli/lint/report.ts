/**
 * Results of rules as text and as JSON.
 *
 * @module
 */
import { type RuleContext, type RuleStatus, type RuleTally, tallyRules } from '../../rule/index.ts';
import { style } from '../terminal.ts';
import { version } from '../version.ts';
import type { Linted } from './linted.ts';

const SIGN: Readonly<Record<RuleStatus, string>> = {
  pass: '✓',
  fail: '✗',
  warn: '!',
  info: '·',
  na: '–',
  'not-yet': '○',
};

const PAINT: Readonly<Record<RuleStatus, (text: string) => string>> = {
  pass: style.good,
  fail: style.bad,
  warn: style.warn,
  info: style.link,
  na: style.dim,
  'not-yet': style.dim,
};

/** What cannot be read at all counts as one failure. */
export function tallyAll(linted: readonly Linted[]): RuleTally {
  const tally = tallyRules(linted.flatMap(({ results }) => results));
  return { ...tally, fail: tally.fail + linted.filter(({ unreadable }) => unreadable !== undefined).length };
}

/** @param all rules that passed, too @param pages where rules have their pages, with a slash at its end */
export function consoleLines(linted: readonly Linted[], all: boolean, pages?: string): string[] {
  const lines = linted.flatMap((one) => [
    `${style.bold(one.title)}  ${style.dim(`${one.kind} in ${one.file}`)}`,
    ...(one.unreadable === undefined
      ? resultLines(one, all, pages)
      : one.unreadable.split('\n').map((line) => `  ${style.bad(`✗ ${line}`)}`)),
    '',
  ]);
  const { pass, fail, warn, info, na, 'not-yet': notYet } = tallyAll(linted);
  const told = [
    style.good(`${pass} passed`),
    (fail > 0 ? style.bad : style.dim)(`${fail} failed`),
    (warn > 0 ? style.warn : style.dim)(`${warn} warned`),
    `${info} noted`,
    style.dim(`${na} do not apply`),
    ...(notYet > 0 ? [style.dim(`${notYet} not yet in force`)] : []),
  ];
  return [...lines, told.join(', ')];
}

function resultLines({ results }: Linted, all: boolean, pages: string | undefined): string[] {
  const shown = results.filter(({ status }) => all || !['pass', 'na', 'not-yet'].includes(status));
  if (shown.length === 0) return [style.good('  ✓ nothing to say')];
  return shown.flatMap(({ rule, title, status, findings, cites }) => [
    `  ${PAINT[status](`${SIGN[status]} ${rule}`)}  ${title}`,
    ...findings.map(({ text, where }) => `      ${where === undefined ? '' : `${where}: `}${text}`),
    ...(findings.length > 0 ? [style.dim(`      ${cites.join(', ')}`)] : []),
    ...(findings.length > 0 && pages ? [style.link(`      ${pages}${rule}`)] : []),
  ]);
}

/** One object; additions keep `schema: 1`. */
export const jsonReport = (linted: readonly Linted[], { at, profile }: RuleContext) => ({
  schema: 1,
  tool: 'anchorage',
  version: version(),
  profile,
  at: new Date(at).toISOString(),
  summary: tallyAll(linted),
  subjects: linted.map(({ file, kind, title, sha256, unreadable, results }) => ({
    file,
    kind,
    title,
    ...(sha256 !== undefined && { sha256 }),
    ...(unreadable !== undefined && { unreadable }),
    results,
  })),
});
