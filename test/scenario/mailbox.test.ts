import { describe, expect, it } from 'vitest';
import { planOf } from '../../src/scenario/cases.ts';
import { entryName, readCatalogue, select } from '../../src/scenario/catalogue.ts';
import { execute } from '../../src/scenario/execute.ts';
import { plain, scenarioLines } from '../../src/scenario/report/console.ts';
import { scenarioReport } from '../../src/scenario/report/report.ts';
import { runTwin } from '../../src/scenario/twins.ts';

const catalogue = readCatalogue();
const entries = select(catalogue, ['POP3', 'IMAP']);
const settings = { seed: 1, version: 'test', crossCheck: false };

/** The reference HISP passes the suites of where mail is read, and every twin fails what it is to fail. */
describe('POP3 and IMAP suites', () => {
  it.each(entries.map((entry) => [entryName(entry), entry] as const))('%s', async (_name, entry) => {
    const plan = planOf(entry, catalogue);
    const { result, transcript } = await execute(plan, settings);
    expect(scenarioLines(scenarioReport({ result, durationMs: 0 }), plain).join('\n')).toMatch(/^✓ pass/);
    // who reads the evidence learns no password
    expect(JSON.stringify(transcript.events)).not.toContain('the right password');
    for (const twin of plan.scenario.twins) {
      expect(await runTwin(plan, twin, settings)).toMatchObject({ ok: true });
    }
  });

  it('have six cases each', () => {
    expect(entries.filter(({ scenario }) => scenario.id.startsWith('pop3-'))).toHaveLength(6);
    expect(entries.filter(({ scenario }) => scenario.id.startsWith('imap-'))).toHaveLength(6);
  });
});
