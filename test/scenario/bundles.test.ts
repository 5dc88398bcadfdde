import { describe, expect, it } from 'vitest';
import { planOf } from '../../src/scenario/cases.ts';
import { entryName, readCatalogue, select } from '../../src/scenario/catalogue.ts';
import { execute } from '../../src/scenario/execute.ts';
import { plain, scenarioLines } from '../../src/scenario/report/console.ts';
import { scenarioReport } from '../../src/scenario/report/report.ts';
import { runTwin } from '../../src/scenario/twins.ts';

const catalogue = readCatalogue();
const suite = select(catalogue, ['bundles']).map((entry) => [entryName(entry), entry] as const);
const options = { seed: 1, version: 'test', crossCheck: false };

/** The reference consumer passes, and what it measures stands in the report. */
describe('bundles suite', () => {
  it.each(suite)('%s', async (_name, entry) => {
    const { result } = await execute(planOf(entry, catalogue), options);
    expect(scenarioLines(scenarioReport({ result, durationMs: 0 }), plain).join('\n')).toMatch(/^✓ pass/);
  });

  it('measures the time to trust and to distrust in virtual time', async () => {
    for (const id of ['XB-01/added', 'XB-01/removed']) {
      const { result } = await execute(planOf(select(catalogue, [id])[0]!, catalogue), options);
      const measured = result.checks.find((check) => check.id === 'time')?.findings[0];
      expect(measured).toMatchObject({ code: 'observed.seen', params: { found: '50 min' } });
    }
  });
});

/** One of each kind of element that is replaced; `anchorage run --twins` runs them all. */
describe('twins of the bundles suite', () => {
  it.each(['XB-01/removed', 'XB-03/unsigned', 'XB-06/dtd', 'XB-08/while-writing', 'XB-09'])(
    '%s',
    async (id) => {
      const plan = planOf(select(catalogue, [id])[0]!, catalogue);
      for (const twin of plan.scenario.twins)
        expect(await runTwin(plan, twin, options)).toMatchObject({ ok: true });
    },
  );
});
