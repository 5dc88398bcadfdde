import { describe, expect, it } from 'vitest';
import { planOf } from '../../src/scenario/cases.ts';
import { entryName, readCatalogue, select } from '../../src/scenario/catalogue.ts';
import { execute } from '../../src/scenario/execute.ts';
import { plain, scenarioLines } from '../../src/scenario/report/console.ts';
import { scenarioReport } from '../../src/scenario/report/report.ts';
import { runTwin } from '../../src/scenario/twins.ts';

const catalogue = readCatalogue();
const entries = select(catalogue, ['hosting']);
const settings = { seed: 1, version: 'test', crossCheck: false };

/** The reference publisher passes, and each fault of a publisher is seen by exactly the checks that a case names. */
describe('hosting suite', () => {
  it.each(entries.map((entry) => [entryName(entry), entry] as const))('%s', async (_name, entry) => {
    const { result } = await execute(planOf(entry, catalogue), settings);
    expect(scenarioLines(scenarioReport({ result, durationMs: 0 }), plain).join('\n')).toMatch(/^✓ pass/);
  });

  it.each(
    entries.flatMap((entry) =>
      entry.scenario.twins.map((twin) => [`${entryName(entry)} ${twin.behaviour}`, entry, twin] as const),
    ),
  )('%s', async (_name, entry, twin) => {
    const { failed, expected, ok } = await runTwin(planOf(entry, catalogue), twin, settings);
    expect([...failed].sort()).toEqual([...expected].sort());
    expect(ok).toBe(true);
  });

  it('has the eight cases, in order', () => {
    expect(entries.map(({ scenario }) => scenario.id)).toEqual(
      Array.from({ length: 8 }, (_, index) => `H${index + 1}`),
    );
  });

  it('refuses behaviours of a HISP on a publisher, and of a publisher on a HISP', async () => {
    const switched = (behaviour: string) => ({ ...settings, behaviours: [{ on: 'sut', behaviour }] });
    const [h1] = select(catalogue, ['H1']);
    const [d1] = select(catalogue, ['d1']);
    await expect(execute(planOf(h1!, catalogue), switched('disc.no-ldap'))).rejects.toThrow(/publisher/);
    await expect(execute(planOf(d1!, catalogue), switched('dns.no-tcp'))).rejects.toThrow(/HISP/);
  });
});
