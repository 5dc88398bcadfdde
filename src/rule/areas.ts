/**
 * All rules by area, for those who list them: the page, the report in SARIF, the tests.
 *
 * @module
 */
import { BUNDLE_RULES } from './bundle/index.ts';
import { CERTIFICATE_RULES } from './certificate/index.ts';
import { DSN_RULES } from './dsn/index.ts';
import { MDN_RULES } from './mdn/index.ts';
import { MESSAGE_RULES } from './message/index.ts';
import type { Area, Rule } from './rule.ts';
import { ZONE_RULES } from './zone/index.ts';

/** What is told of a rule without holding anything against it. */
export type RuleHead = Pick<Rule, 'id' | 'title' | 'level' | 'cites' | 'since'>;

export interface RuleArea {
  readonly title: string;
  readonly rules: readonly RuleHead[];
}

export const RULE_AREAS: Readonly<Record<Area, RuleArea>> = {
  certificate: { title: 'Certificates', rules: CERTIFICATE_RULES },
  bundle: { title: 'Trust bundles', rules: BUNDLE_RULES },
  zone: { title: 'Zones', rules: ZONE_RULES },
  message: { title: 'Messages', rules: MESSAGE_RULES },
  mdn: { title: 'Disposition notifications (MDN)', rules: MDN_RULES },
  dsn: { title: 'Delivery status notifications (DSN)', rules: DSN_RULES },
};

export const EVERY_RULE: readonly RuleHead[] = Object.values(RULE_AREAS).flatMap(({ rules }) => rules);
