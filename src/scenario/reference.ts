/**
 * The page that lists what a scenario can name: verifiers with their arguments, behaviours, steps. Kept equal to the
 * code by a test.
 *
 * @module
 */
import { z } from 'zod';
import { behaviours } from './behaviours/index.ts';
import { verifiers } from './judge/verifiers/index.ts';

export const REFERENCE_FILE = 'docs/scenario-reference.md';

/** Markdown. */
export function referenceText(): string {
  return [
    '# What a scenario can name',
    '',
    'Written by `anchorage schema --of reference`. The shape of files, steps and networks is in',
    '`scenarios/scenario.schema.json`.',
    '',
    '## Verifiers (`expect: [{ that: … }]`)',
    '',
    '| verifier | it holds when | arguments |',
    '|---|---|---|',
    ...[...verifiers.values()].map(
      ({ id, about, args }) => `| \`${id}\` | ${about} | ${argumentsOf(args)} |`,
    ),
    '',
    '## Behaviours (`twins: [{ behaviour: … }]`)',
    '',
    'Each is one deliberate fault of a HISP, or (`dns.`, `ldap.`, `cert.`) of a publisher; *legal* ones break no rule and are still noticed by the tests.',
    '',
    '| behaviour | who has it | legal |',
    '|---|---|---|',
    ...[...behaviours.values()]
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(
        ({ id, title, legal }) => `| \`${id}\` | ${title.replaceAll('|', '\\|')} | ${legal ? 'yes' : ''} |`,
      ),
    '',
  ].join('\n');
}

function argumentsOf(schema: z.ZodType): string {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' }) as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  const names = Object.keys(properties).map((name) =>
    required.includes(name) ? `\`${name}\`` : `\`${name}\` (may be left out)`,
  );
  return names.join(', ') || 'none';
}
