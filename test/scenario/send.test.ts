import { describe, expect, it } from 'vitest';
import { planOf } from '../../src/scenario/cases.ts';
import { entryName, readCatalogue, select } from '../../src/scenario/catalogue.ts';
import { execute } from '../../src/scenario/execute.ts';
import { judge } from '../../src/scenario/judge/judge.ts';
import { plain, scenarioLines } from '../../src/scenario/report/console.ts';
import { scenarioReport } from '../../src/scenario/report/report.ts';
import { runTwin } from '../../src/scenario/twins.ts';

const catalogue = readCatalogue();
const entries = select(catalogue, ['send']).map((entry) => [entryName(entry), entry] as const);
const options = { seed: 1, version: 'test', crossCheck: false };
const message = entries.find(([name]) => name === 'SND-message')![1];

describe('send suite', () => {
  it.each(entries)('%s passes with the reference', async (_name, entry) => {
    const { result } = await execute(planOf(entry, catalogue), options);
    expect(scenarioLines(scenarioReport({ result, durationMs: 0 }), plain).join('\n')).toMatch(/^✓ pass/);
  });

  const twins = entries.flatMap(([name, entry]) =>
    entry.scenario.twins.map((twin) => [name, twin.behaviour, entry, twin] as const),
  );
  it.each(twins)('%s notices %s', async (_name, _behaviour, entry, twin) => {
    const { failed } = await runTwin(planOf(entry, catalogue), twin, options);
    expect(failed).toEqual(twin.fails);
  });

  it('leaves out the stages that an earlier one prevents, and says so', async () => {
    const behaviours = [{ on: 'sut', behaviour: 'send.cleartext' }];
    const { result } = await execute(planOf(message, catalogue), { ...options, behaviours });
    const [first, ...others] = result.checks;
    expect(first).toMatchObject({ id: 'SND-E1', status: 'fail' });
    expect(others.every(({ status, reason }) => status === 'na' && reason !== undefined)).toBe(true);
  });

  it('judges again from the evidence, without a key', async () => {
    const { transcript, result } = await execute(planOf(message, catalogue), options);
    expect(judge(transcript.events, transcript.blob)).toEqual(result);
    expect(JSON.stringify(transcript.events)).not.toMatch(/PRIVATE KEY|privateKey|contentKey/);
  });
});
