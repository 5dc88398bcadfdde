/**
 * Rules as their pages show them; from the rules themselves, so that nothing is written twice.
 *
 * @module
 */
import {
  AREAS,
  citation,
  EVERY_RULE,
  exampleOf,
  type Level,
  levelOf,
  RULE_AREAS,
  type RuleHead,
} from '../../src/rule/index.ts';

export interface RuleRowView {
  readonly id: string;
  readonly href: string;
  readonly title: string;
  /** `must`, `should` or `told`. */
  readonly level: string;
}

export interface RuleAreaView {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly RuleRowView[];
}

export interface RuleView extends RuleRowView {
  readonly area: string;
  /** What a finding says. */
  readonly example: string;
  /** Requirements with what they rest on, as far as it may be said. */
  readonly cites: readonly string[];
  /** Level under each profile, where they differ; since when. */
  readonly terms: readonly string[];
}

const WORDS: Readonly<Record<Level, string>> = { must: 'must', should: 'should', info: 'told' };

export const ruleAreas = (): RuleAreaView[] =>
  AREAS.map((id) => ({ id, title: RULE_AREAS[id].title, rows: RULE_AREAS[id].rules.map(rowOf) }));

const rowOf = (rule: RuleHead): RuleRowView => ({
  id: rule.id,
  href: `/rules/${rule.id}`,
  title: rule.title,
  level: WORDS[levelOf(rule, '1.3')],
});

/** @returns undefined for an id of no rule */
export function ruleView(id: string): RuleView | undefined {
  const rule = EVERY_RULE.find((one) => one.id === id);
  if (!rule) return undefined;
  const { level, since, cites } = rule;
  const [area] = AREAS.filter((one) => rule.id.startsWith(`${one}/`));
  return {
    ...rowOf(rule),
    area: RULE_AREAS[area!].title,
    example: asSentence(exampleOf(rule.id) ?? ''),
    cites: cites.map(citation),
    terms: [
      ...(typeof level === 'string'
        ? []
        : [`Profile 1.2: ${WORDS[level['1.2']]}, profile 1.3: ${WORDS[level['1.3']]}`]),
      ...(since?.profile ? [`In force since profile ${since.profile}`] : []),
      ...(since?.date ? [`In force for what was made since ${since.date}`] : []),
    ],
  };
}

const asSentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
