/**
 * What a rule is: one thing that a certificate, a bundle, a zone or a message has to be, asked apart from whether it applies.
 *
 * A MUST may only fail and a SHOULD only warn. What a rule finds are typed parameters; its text is derived from them, so
 * that a stored result can be read again by a newer version. *Does not apply* and *not yet in force* are results of
 * their own, never a pass.
 *
 * @module
 */
import type { RequirementId } from './requirement.ts';

export const AREAS = ['certificate', 'bundle', 'zone', 'message', 'mdn', 'dsn'] as const;

export type Area = (typeof AREAS)[number];

export type RuleId = `${Area}/${string}`;

export type Level = 'must' | 'should' | 'info';

/** The Applicability Statement that counts. */
export type RuleProfile = '1.2' | '1.3';

export type RuleStatus = 'pass' | 'fail' | 'warn' | 'info' | 'na' | 'not-yet';

export type Params = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export interface RuleContext {
  /** The time of the question, ms since 1970 UTC. */
  readonly at: number;
  readonly profile: RuleProfile;
}

export interface RuleFinding {
  readonly params: Params;
  /** One sentence without a full stop: what was found, what was expected. */
  readonly text: string;
  /** What in the subject: an owner name of a zone. */
  readonly where?: string;
}

export interface RuleOutcome {
  readonly status: RuleStatus;
  readonly findings: readonly RuleFinding[];
}

/** Since when a rule is in force: with a profile, and for what was made on that day or later. */
export interface InForce {
  readonly profile?: RuleProfile;
  /** YYYY-MM-DD. */
  readonly date?: string;
}

export interface Rule<S = unknown> {
  readonly id: RuleId;
  /** What is right, in one sentence. */
  readonly title: string;
  readonly level: Level | Readonly<Record<RuleProfile, Level>>;
  readonly cites: readonly RequirementId[];
  readonly since?: InForce;
  readonly evaluate: (subject: S, context: RuleContext) => RuleOutcome;
}

interface Head {
  readonly id: RuleId;
  readonly title: string;
  readonly level: Rule['level'];
  readonly cites: readonly RequirementId[];
  readonly since?: InForce;
}

export interface RuleParts<S, Item, P extends Params> extends Head {
  /** What in the subject the rule speaks of; nothing: it does not apply. */
  readonly items: (subject: S, context: RuleContext) => readonly Item[];
  /** What is wrong with one of them. */
  readonly check: (item: Item, subject: S, context: RuleContext) => P | undefined;
  readonly text: (params: P) => string;
  readonly where?: (item: Item) => string | undefined;
  /** When the subject was made, ms since 1970 UTC; for `since`. */
  readonly madeAt: (subject: S, context: RuleContext) => number;
}

const STATUS: Readonly<Record<Level, RuleStatus>> = { must: 'fail', should: 'warn', info: 'info' };

/** The level under a profile. */
export const levelOf = (rule: Pick<Rule, 'level'>, profile: RuleProfile): Level =>
  typeof rule.level === 'string' ? rule.level : rule.level[profile];

export function defineRule<S, Item, P extends Params>(parts: RuleParts<S, Item, P>): Rule<S> {
  const { id, title, level, cites, since } = parts;
  return {
    id,
    title,
    level,
    cites,
    ...(since && { since }),
    evaluate(subject, context) {
      const items = parts.items(subject, context);
      if (items.length === 0) return { status: 'na', findings: [] };
      if (!isInForce(since, parts.madeAt(subject, context), context))
        return { status: 'not-yet', findings: [] };
      const findings = items.flatMap((item): RuleFinding[] => {
        const params = parts.check(item, subject, context);
        if (!params) return [];
        const where = parts.where?.(item);
        return [{ params, text: parts.text(params), ...(where !== undefined && { where }) }];
      });
      const status = findings.length > 0 ? STATUS[levelOf(parts, context.profile)] : 'pass';
      return { status, findings };
    },
  };
}

function isInForce(since: InForce | undefined, madeAt: number, context: RuleContext): boolean {
  if (since?.profile && since.profile > context.profile) return false;
  return since?.date === undefined || madeAt >= Date.parse(since.date);
}
