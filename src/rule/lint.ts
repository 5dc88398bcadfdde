/**
 * Holding a subject against all rules of its area.
 *
 * @module
 */
import { citation } from './requirement.ts';
import {
  type Level,
  levelOf,
  type Rule,
  type RuleContext,
  type RuleFinding,
  type RuleId,
  type RuleStatus,
} from './rule.ts';

export interface RuleResult {
  readonly rule: RuleId;
  readonly title: string;
  readonly level: Level;
  readonly status: RuleStatus;
  readonly findings: readonly RuleFinding[];
  /** Requirements with what they rest on, as far as it may be said. */
  readonly cites: readonly string[];
}

/** One result for each rule, in the order of the rules. */
export const lint = <S>(rules: readonly Rule<S>[], subject: S, context: RuleContext): RuleResult[] =>
  rules.map((rule) => ({
    rule: rule.id,
    title: rule.title,
    level: levelOf(rule, context.profile),
    ...rule.evaluate(subject, context),
    cites: rule.cites.map(citation),
  }));

export type RuleTally = Record<RuleStatus, number>;

export function tallyRules(results: Iterable<Pick<RuleResult, 'status'>>): RuleTally {
  const counts: RuleTally = { pass: 0, fail: 0, warn: 0, info: 0, na: 0, 'not-yet': 0 };
  for (const { status } of results) counts[status]++;
  return counts;
}
