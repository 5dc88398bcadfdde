import { describe, expect, it } from 'vitest';
import { planOf } from '../../src/scenario/cases.ts';
import { readCatalogue, select } from '../../src/scenario/catalogue.ts';
import { execute } from '../../src/scenario/execute.ts';
import { plain, scenarioLines } from '../../src/scenario/report/console.ts';
import { scenarioReport } from '../../src/scenario/report/report.ts';

/**
 * How many messages XN-20 sends, one in twenty to an address that fails. The whole case, by hand:
 * `ANCHORAGE_LOAD=10000 npx vitest run test/durability/load.test.ts`.
 */
const MESSAGES = Number(process.env['ANCHORAGE_LOAD'] ?? 100);

describe('under load (XN-20)', () => {
  it(
    `${MESSAGES} messages: every count is exact`,
    async () => {
      const catalogue = readCatalogue();
      const [entry] = select(catalogue, ['XN-20']);
      const bad = Math.round(MESSAGES / 20);
      const text = JSON.stringify(planOf(entry!, catalogue).scenario)
        .replace(/"repeat":95\b/, `"repeat":${MESSAGES - bad}`)
        .replace(/"repeat":5\b/, `"repeat":${bad}`)
        .replace(/"failed":5\b/, `"failed":${bad}`)
        .replace('"real":"300 s"', `"real":"${MESSAGES} s"`);
      const scenario = JSON.parse(text) as NonNullable<typeof entry>['scenario'];
      const plan = planOf({ ...entry!, scenario }, catalogue);
      const { result } = await execute(plan, { seed: 1, version: 'test', crossCheck: false });
      const lines = scenarioLines(scenarioReport({ result, durationMs: 0 }), plain).join('\n');
      expect(lines).toMatch(/^✓ pass/);
      expect(result.checks.flatMap(({ findings }) => findings.map(({ params }) => params))).toContainEqual({
        what: 'messages told as failed',
        found: `${bad}`,
      });
    },
    MESSAGES * 1000,
  );
});
