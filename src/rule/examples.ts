/**
 * What a violation of each rule looks like: the sentence that the first of its failing cases gives. The file beside this
 * one is written by the tests (`npx vitest run test/rule/examples.test.ts -u`).
 *
 * @module
 */
import examples from './examples.json' with { type: 'json' };
import type { RuleId } from './rule.ts';

/** @returns a sentence without a full stop; undefined for a rule without a case that fails, of which there is none */
export const exampleOf = (id: RuleId): string | undefined =>
  (examples as Readonly<Record<string, string>>)[id];
