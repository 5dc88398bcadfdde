import { expect, it } from 'vitest';
import { EVERY_RULE, type RuleId } from '../../src/rule/index.ts';
import { CASES } from './all-cases.ts';

/** Identifiers, tags and lengths that follow from keys made for this run. */
const steady = (text: string): string =>
  text
    .replace(/\b[0-9a-f]{16,}\b/g, '5f3c…')
    .replace(/key tag \d+; expected \d+/, 'key tag 4711; expected 4712')
    .replace(/a line of \d{4} characters/, 'a line of 2508 characters');

it('each rule has the text of its first case that is not kept (vitest -u writes it)', async () => {
  const examples: Partial<Record<RuleId, string>> = {};
  for (const { id, outcome } of CASES) {
    if (examples[id] !== undefined) continue;
    const [first] = outcome().findings;
    if (first) examples[id] = steady(first.text);
  }
  const inOrder = Object.fromEntries(EVERY_RULE.map(({ id }) => [id, examples[id]]));
  expect(Object.values(inOrder)).not.toContain(undefined);
  await expect(`${JSON.stringify(inOrder, null, 2)}\n`).toMatchFileSnapshot('../../src/rule/examples.json');
});
