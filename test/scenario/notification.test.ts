import { describe, expect, it } from 'vitest';
import { planOf } from '../../src/scenario/cases.ts';
import { entryName, readCatalogue, select } from '../../src/scenario/catalogue.ts';
import { execute } from '../../src/scenario/execute.ts';
import { plain, scenarioLines } from '../../src/scenario/report/console.ts';
import { scenarioReport } from '../../src/scenario/report/report.ts';

const catalogue = readCatalogue();

/** The reference HISP passes the suite; XN-20 has a test of its own, for its size. */
describe('notification suite', () => {
  const entries = select(catalogue, ['notification']).filter(({ scenario }) => scenario.id !== 'XN-20');
  it.each(entries.map((entry) => [entryName(entry), entry] as const))('%s', async (_name, entry) => {
    const { result } = await execute(planOf(entry, catalogue), {
      seed: 1,
      version: 'test',
      crossCheck: false,
    });
    expect(scenarioLines(scenarioReport({ result, durationMs: 0 }), plain).join('\n')).toMatch(/^✓ pass/);
  });

  it('has the seven cases of delivery notification over SMTP and the twenty-one of the monitor', () => {
    const ids = new Set(select(catalogue, ['notification']).map(({ scenario }) => scenario.id));
    expect([...ids].filter((id) => id.startsWith('dn-'))).toHaveLength(7);
    expect([...ids].filter((id) => id.startsWith('XN-'))).toHaveLength(21);
  });

  it.each(['XN-08', 'XN-10/around-the-timer', 'dn-ExceptionPathDelayedDispatchedMDN'])(
    '%s: what is told does not depend on the seed',
    async (id) => {
      const [entry] = select(catalogue, [id]);
      for (const seed of [2, 'three', 44]) {
        const { result } = await execute(planOf(entry!, catalogue), {
          seed,
          version: 'test',
          crossCheck: false,
        });
        expect(result.status).toBe('pass');
      }
    },
  );
});
