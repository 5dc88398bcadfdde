/**
 * The page of all rules, `docs/rules.md`.
 *
 * @module
 */
import { RULE_AREAS, type RuleHead } from './areas.ts';
import { citation } from './requirement.ts';
import type { Level } from './rule.ts';

const WORD: Readonly<Record<Level, string>> = { must: 'must', should: 'should', info: 'info' };

/** Markdown; the same rules give the same text. */
export function rulePage(): string {
  return `${[
    '# Rules',
    '',
    'Written by `npm run rules`; do not edit. A *must* can fail, a *should* can warn, an *info* tells. A section is',
    'named only where it was seen; what is known from memory says that it is to be confirmed.',
    'A rule is added with `npm run new:rule <area>/<name>`.',
    ...Object.values(RULE_AREAS).flatMap(({ title, rules }) => [
      '',
      `## ${title}`,
      '',
      '| rule | level | what is right | rests on |',
      '|---|---|---|---|',
      ...rules.map(row),
    ]),
  ].join('\n')}\n`;
}

function row({ id, title, level, cites, since }: RuleHead): string {
  const told =
    typeof level === 'string'
      ? WORD[level]
      : Object.entries(level)
          .map(([profile, one]) => `${profile}: ${WORD[one]}`)
          .join(', ');
  const from = [
    since?.profile && `profile ${since.profile}`,
    since?.date && `made since ${since.date}`,
  ].filter((part) => part);
  const when = from.length > 0 ? ` (${from.join(', ')})` : '';
  return `| \`${id}\` | ${told}${when} | ${title} | ${cites.map(citation).join(', ')} |`;
}
