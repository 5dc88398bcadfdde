/**
 * The page of all rules, `docs/rules.md`.
 *
 * @module
 */
import { CERTIFICATE_RULES } from './certificate/index.ts';
import { citation } from './requirement.ts';
import type { Level, Rule } from './rule.ts';
import { ZONE_RULES } from './zone/index.ts';

const WORD: Readonly<Record<Level, string>> = { must: 'must', should: 'should', info: 'info' };

/** Markdown; the same rules give the same text. */
export function rulePage(): string {
  const areas: [string, readonly Pick<Rule, 'id' | 'title' | 'level' | 'cites' | 'since'>[]][] = [
    ['Certificates', CERTIFICATE_RULES],
    ['Zones', ZONE_RULES],
  ];
  return `${[
    '# Rules',
    '',
    'Written by `npm run rules`; do not edit. A *must* can fail, a *should* can warn, an *info* tells. A section is',
    'named only where it was seen; what is known from memory says that it is to be confirmed.',
    'A rule is added with `npm run new:rule <area>/<name>`.',
    ...areas.flatMap(([title, rules]) => [
      '',
      `## ${title}`,
      '',
      '| rule | level | what is right | rests on |',
      '|---|---|---|---|',
      ...rules.map(row),
    ]),
  ].join('\n')}\n`;
}

function row({
  id,
  title,
  level,
  cites,
  since,
}: Pick<Rule, 'id' | 'title' | 'level' | 'cites' | 'since'>): string {
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
