import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findingText } from '../../src/outcome/check.ts';
import { planOf } from '../../src/scenario/cases.ts';
import { readCatalogue, select } from '../../src/scenario/catalogue.ts';
import { execute } from '../../src/scenario/execute.ts';
import { judge } from '../../src/scenario/judge/judge.ts';
import type { ScenarioResult } from '../../src/scenario/judge/result.ts';
import { junitReport } from '../../src/scenario/report/junit.ts';
import { runReportSchema } from '../../src/scenario/report/schema.ts';
import { runSession } from '../../src/scenario/session.ts';
import { readRun, type Transcript, writeRun } from '../../src/scenario/transcript.ts';

import { describeUnheld, unheldWork } from '../net/unheld-work.ts';

const catalogue = readCatalogue();
const only = (id: string) => select(catalogue, [id])[0]!;
const run = (id: string, seed = 1) =>
  execute(planOf(only(id), catalogue), { seed, version: 'test', crossCheck: false });

/** What is decided and found, without what keys and serial numbers make different in each run. */
const evidence = (transcript: Transcript): string[] =>
  transcript.events
    .filter((event) => ['dns', 'ldap', 'http', 'smtp'].includes(event.kind))
    .map((event) => `${event.t} ${event.host} ${event.kind} ${event.dir} ${event.peer?.host}`);

/** Verdicts and findings; certificates are new in each run, so not which bytes they have. */
const verdicts = ({ status, checks }: ScenarioResult) => ({
  status,
  checks: checks.map((check) => [check.id, check.status, check.findings.map(findingText)]),
});

describe('a run', () => {
  it('is the same again with the same seed', async () => {
    const [first, second] = [await run('d10', 7), await run('d10', 7)];
    expect(evidence(second.transcript)).toEqual(evidence(first.transcript));
    expect(verdicts(second.result)).toEqual(verdicts(first.result));
  });

  it('is judged again from its folder, with the same result', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'anchorage-run-'));
    try {
      const { transcript, result } = await run('d5');
      writeRun(folder, transcript, {});
      const saved = readRun(folder);
      expect(judge(saved.events, saved.blob)).toEqual(result);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('holds no private key in what is saved', async () => {
    const { transcript } = await run('d1');
    expect(JSON.stringify(transcript.events)).not.toMatch(/PRIVATE KEY|privateKey/);
  });

  it('is an error, not a pass, when its transcript has no end', async () => {
    const { transcript } = await run('d1');
    const cut = transcript.events.filter((event) => event.kind !== 'end');
    expect(judge(cut, transcript.blob)).toMatchObject({ status: 'error' });
  });

  it('is an error when the control failed, however silent the system was', async () => {
    const { transcript } = await run('d5');
    const deaf = transcript.events.filter((event) => !(event.kind === 'smtp' && event.host === 'peer'));
    const result = judge(deaf, transcript.blob);
    expect(result.control?.status).toBe('fail');
    expect(result.status).toBe('error');
  });
});

describe('reports', () => {
  it('are as their published schema says, in JSON and JUnit', async () => {
    const report = await runSession([only('d1'), only('d5')], catalogue, {
      version: 'test',
      run: 'r',
      seed: 1,
      twins: true,
      crossCheck: false,
      mono: () => 0,
    });
    expect(runReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(report.summary).toMatchObject({ pass: 2, fail: 0, error: 0 });
    expect(report.scenarios[1]!.twins!.every((twin) => twin.ok)).toBe(true);
    const xml = junitReport(report);
    expect(xml).toMatch(/<testsuite name="discovery" tests="\d+" failures="0" errors="0"/);
  });

  it('name what was not run after an abort', async () => {
    const abort = new AbortController();
    const report = await runSession([only('d1'), only('d2')], catalogue, {
      version: 'test',
      run: 'r',
      seed: 1,
      crossCheck: false,
      mono: () => 0,
      signal: abort.signal,
      onResult: () => abort.abort(),
    });
    expect(report.scenarios.map((scenario) => scenario.status)).toEqual(['pass', 'cancelled']);
  });
});

describe('the clock of a run', () => {
  it.each(['d10', 'd17', 'd1-d18/isolated'])('sees all the work of %s', async (id) => {
    const counter = { holding: 0 };
    const { outcome, found } = await unheldWork(counter, () => run(id));
    expect(outcome.status).toBe('fulfilled');
    expect(describeUnheld(found)).toEqual([]);
  });
});
