/**
 * Results of rules in SARIF 2.1.0, for tools that show findings beside the file.
 *
 * @module
 */
import { citation, EVERY_RULE, type Level, levelOf, type RuleContext } from '../../rule/index.ts';
import { version } from '../version.ts';
import type { Linted } from './linted.ts';

const LEVELS: Readonly<Record<Level, 'error' | 'warning' | 'note'>> = {
  must: 'error',
  should: 'warning',
  info: 'note',
};

const READABLE = 'readable';

/**
 * Only what a rule found is a result; passes and rules that do not apply are left out.
 *
 * @param pages where rules have their pages, with a slash at its end
 */
export function sarifReport(linted: readonly Linted[], { profile }: RuleContext, pages?: string) {
  const rules = EVERY_RULE.map((rule) => ({
    id: rule.id as string,
    shortDescription: { text: rule.title },
    help: { text: `Rests on ${rule.cites.map(citation).join(', ')}.` },
    ...(pages && { helpUri: `${pages}${rule.id}` }),
    defaultConfiguration: { level: LEVELS[levelOf(rule, profile)] },
  }));
  const readable = {
    id: READABLE,
    shortDescription: { text: 'The file can be read as what it is' },
    help: { text: 'Mend what the message names.' },
    defaultConfiguration: { level: 'error' as const },
  };
  const all = [...rules, readable];
  const indexOf = new Map(all.map(({ id }, index) => [id, index]));
  const result = (one: Linted, rule: string, level: string, text: string, where?: string) => ({
    ruleId: rule,
    ruleIndex: indexOf.get(rule)!,
    level,
    message: { text: `${where === undefined ? '' : `${where}: `}${text}.` },
    locations: [locationOf(one, where)],
  });
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'anchorage', version: version(), rules: all } },
        columnKind: 'utf16CodeUnits',
        results: linted.flatMap((one) =>
          one.unreadable === undefined
            ? one.results.flatMap(({ rule, level, findings }) =>
                findings.map(({ text, where }) => result(one, rule, LEVELS[level], text, where)),
              )
            : [result(one, READABLE, 'error', one.unreadable)],
        ),
      },
    ],
  };
}

function locationOf({ file, title, kind, lines }: Linted, where: string | undefined) {
  const line = where === undefined ? undefined : lines?.get(where.toLowerCase());
  return {
    physicalLocation: {
      artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
      ...(line !== undefined && { region: { startLine: line } }),
    },
    logicalLocations: [{ name: where ?? title, kind: kind === 'zone' ? 'resource' : 'object' }],
  };
}
