import { describe, expect, it } from 'vitest';
import { planOf } from '../../src/scenario/cases.ts';
import { entryName, readCatalogue, select } from '../../src/scenario/catalogue.ts';
import { execute } from '../../src/scenario/execute.ts';
import { plain, scenarioLines } from '../../src/scenario/report/console.ts';
import { scenarioReport } from '../../src/scenario/report/report.ts';

const catalogue = readCatalogue();
const SEEDS = [1, 2, 3];

/** The reference HISP passes the discovery suite, whatever the seed. */
describe.each(SEEDS)('discovery suite, seed %i', (seed) => {
  it.each(select(catalogue, ['discovery']).map((entry) => [entryName(entry), entry] as const))(
    '%s',
    async (_name, entry) => {
      const { result } = await execute(planOf(entry, catalogue), {
        seed,
        version: 'test',
        crossCheck: seed === 1,
      });
      expect(scenarioLines(scenarioReport({ result, durationMs: 0 }), plain).join('\n')).toMatch(/^✓ pass/);
    },
  );
});
