import { describe, expect, it } from 'vitest';
import { planOf } from '../../src/scenario/cases.ts';
import { entryName, readCatalogue } from '../../src/scenario/catalogue.ts';
import { execute } from '../../src/scenario/execute.ts';
import { judge } from '../../src/scenario/judge/judge.ts';
import { plain, scenarioLines } from '../../src/scenario/report/console.ts';
import { scenarioReport } from '../../src/scenario/report/report.ts';
import { runTwin } from '../../src/scenario/twins.ts';

const catalogue = readCatalogue();
const entries = catalogue
  .filter(({ scenario }) => /^(smtp-|XE-)/.test(scenario.id))
  .map((entry) => [entryName(entry), entry] as const);
const options = { seed: 1, version: 'test', crossCheck: false };
/** The rest of them run with the catalogue: thirty connections, and one sequence after the other. */
const quick = entries.filter(([name]) => !/^XE-0[14]/.test(name));

describe('submission under test', () => {
  it.each(entries.filter(([name]) => !/^XE-01|-apart$/.test(name)))(
    '%s passes with the reference',
    async (_name, entry) => {
      const { result } = await execute(planOf(entry, catalogue), options);
      expect(scenarioLines(scenarioReport({ result, durationMs: 0 }), plain).join('\n')).toMatch(/^✓ pass/);
    },
  );

  const twins = quick.flatMap(([name, entry]) =>
    entry.scenario.twins.map((twin) => [name, twin.behaviour, entry, twin] as const),
  );
  it.each(twins)('%s notices %s', async (_name, _behaviour, entry, twin) => {
    expect(await runTwin(planOf(entry, catalogue), twin, options)).toMatchObject({
      failed: twin.fails,
      ok: true,
    });
  });

  it('is judged again from the evidence, which holds no password', async () => {
    const [, entry] = entries.find(([name]) => name === 'smtp-ExceptionPathInvalidLogin')!;
    const { transcript, result } = await execute(planOf(entry, catalogue), options);
    expect(judge(transcript.events, transcript.blob)).toEqual(result);
    const text = JSON.stringify(transcript.events);
    expect(text).toContain('AUTH PLAIN …');
    expect(text).not.toContain('the right password');
    expect(text).not.toContain(Buffer.from('not the right password').toString('base64'));
  });
});
