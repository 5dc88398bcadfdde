import {
  BUNDLE_RULES,
  CERTIFICATE_RULES,
  DSN_RULES,
  MDN_RULES,
  MESSAGE_RULES,
  type Rule,
  type RuleId,
  type RuleOutcome,
  type RuleProfile,
  type RuleStatus,
  ZONE_RULES,
} from '../../src/rule/index.ts';
import { NOW } from '../pki/fixtures.ts';
import { BUNDLE_CASES, bundleOf } from './bundle-cases.ts';
import { CERTIFICATE_CASES, subjectOf } from './certificate-cases.ts';
import { DSN_CASES } from './dsn-cases.ts';
import { MDN_CASES } from './mdn-cases.ts';
import { MESSAGE_CASES, messageOf } from './message-cases.ts';
import { dsnOf, mdnOf } from './notice-cases.ts';
import { ZONE_CASES, zoneOf } from './zone-cases.ts';

/** A case of any area. */
export interface Case {
  readonly id: RuleId;
  readonly title: string;
  readonly status: RuleStatus;
  readonly outcome: () => RuleOutcome;
}

/** The cases of an area, held against its rules. */
const cases = <S, C>(
  rules: readonly Rule<S>[],
  list: readonly (readonly [RuleId, string, C, RuleStatus, RuleProfile?])[],
  subject: (change: C) => S,
): Case[] =>
  list.map(([id, title, change, status, profile = '1.3']) => ({
    id,
    title,
    status,
    outcome: () => {
      const rule = rules.find((one) => one.id === id);
      if (!rule) throw new Error(`there is no rule ${id}`);
      return rule.evaluate(subject(change), { at: NOW, profile });
    },
  }));

export const CASES: readonly Case[] = [
  ...cases(CERTIFICATE_RULES, CERTIFICATE_CASES, subjectOf),
  ...cases(BUNDLE_RULES, BUNDLE_CASES, bundleOf),
  ...cases(ZONE_RULES, ZONE_CASES, (records) => zoneOf(String(records))),
  ...cases(MESSAGE_RULES, MESSAGE_CASES, messageOf),
  ...cases(MDN_RULES, MDN_CASES, mdnOf),
  ...cases(DSN_RULES, DSN_CASES, dsnOf),
];
