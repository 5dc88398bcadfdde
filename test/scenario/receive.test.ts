import { describe, expect, it } from 'vitest';
import { planOf } from '../../src/scenario/cases.ts';
import { entryName, readCatalogue, select } from '../../src/scenario/catalogue.ts';
import { execute } from '../../src/scenario/execute.ts';
import { plain, scenarioLines } from '../../src/scenario/report/console.ts';
import { scenarioReport } from '../../src/scenario/report/report.ts';

const catalogue = readCatalogue();

/** The reference HISP passes the suites in which it receives. */
describe('receive and trust suites', () => {
  it.each(select(catalogue, ['receive', 'trust']).map((entry) => [entryName(entry), entry] as const))(
    '%s',
    async (_name, entry) => {
      const { result } = await execute(planOf(entry, catalogue), {
        seed: 1,
        version: 'test',
        crossCheck: false,
      });
      expect(scenarioLines(scenarioReport({ result, durationMs: 0 }), plain).join('\n')).toMatch(/^✓ pass/);
    },
  );

  it.each(select(catalogue, ['drills']).map((entry) => [entryName(entry), entry] as const))(
    'drill %s, whatever the seed',
    async (_name, entry) => {
      for (const seed of [1, 2]) {
        const { result } = await execute(planOf(entry, catalogue), {
          seed,
          version: 'test',
          crossCheck: false,
        });
        expect(scenarioLines(scenarioReport({ result, durationMs: 0 }), plain).join('\n')).toMatch(/^✓ pass/);
      }
    },
  );

  it('has the eighteen cases of the receive suite', () => {
    expect(select(catalogue, ['receive']).length).toBe(18);
  });
});
