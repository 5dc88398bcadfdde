import { describe, expect, it } from 'vitest';
import { openRuns, type StartWork } from '../../src/cli/up/runs.ts';
import type { ScenarioNews, ScenarioWork } from '../../src/cli/up/scenario-work.ts';
import { realHost } from '../../src/net/real.ts';
import type { ScenarioReport } from '../../src/scenario/index.ts';
import type { RunProgress } from '../../web/rooms.ts';

/** Runs whose work is done by the test. */
function desk() {
  const asked: ScenarioWork[] = [];
  let tell: (news: ScenarioNews) => void = () => undefined;
  let stopped = 0;
  const startWork: StartWork = (work, hear) => {
    asked.push(work);
    tell = hear;
    return async () => void stopped++;
  };
  const runs = openRuns(realHost(), '0.0.0', startWork);
  return { runs, asked, tell: (news: ScenarioNews) => tell(news), stopped: () => stopped };
}

const report = (id: string, status: ScenarioReport['status'], firstCause?: string): ScenarioReport => ({
  id,
  title: id,
  suite: 'discovery',
  group: 'DNS',
  status,
  cites: [],
  durationMs: 1,
  virtualMs: 1000,
  checks: [],
  ...(firstCause ? { firstCause: { check: 'used', code: 'x', text: firstCause } } : {}),
});

const idOf = (started: { id: string } | { refused: string }): string => {
  if ('refused' in started) throw new Error(started.refused);
  return started.id;
};

describe('runs from the pages', () => {
  it('go from waiting to a verdict, and tell every change', () => {
    const { runs, asked, tell } = desk();
    const id = idOf(runs.start(['d1', 'd2'], false));
    expect(asked).toMatchObject([{ selectors: ['d1', 'd2'], twins: false }]);
    expect(runs.run(id)!.rows.map((row) => row.status)).toEqual(['waiting', 'waiting']);
    const heard: RunProgress[] = [];
    const leave = runs.follow(id, (progress) => heard.push(progress));
    tell({ kind: 'start', index: 0 });
    tell({ kind: 'result', index: 0, report: report('d1', 'pass'), events: [] });
    tell({ kind: 'start', index: 1 });
    tell({ kind: 'result', index: 1, report: report('d2', 'fail', 'Bd was used'), events: [] });
    tell({ kind: 'end' });
    expect(heard.map((one) => (one.kind === 'row' ? `${one.row.id} ${one.row.status}` : one.kind))).toEqual([
      'd1 running',
      'd1 pass',
      'd2 running',
      'd2 fail',
      'end',
    ]);
    leave();
    const view = runs.run(id)!;
    expect(view.head).toMatchObject({ state: 'done', done: 2, total: 2, tally: { pass: 1, fail: 1 } });
    expect(view.rows[1]).toMatchObject({ firstCause: 'Bd was used', href: `/runs/${id}/d2` });
    expect(runs.result(id, 'd2')).toMatchObject({ row: { status: 'fail' } });
    expect(runs.result(id, 'd3')).toBeUndefined();
  });

  it('are listed, and leave their verdicts in the catalogue', () => {
    const { runs, tell } = desk();
    const id = idOf(runs.start(['d1'], true));
    tell({ kind: 'result', index: 0, report: report('d1', 'pass'), events: [] });
    tell({ kind: 'end' });
    const list = runs.list();
    expect(list.runs).toMatchObject([{ id, selection: 'd1', twins: true, state: 'done' }]);
    const rows = list.suites.flatMap((suite) => suite.groups.flatMap((group) => group.rows));
    expect(rows.find((row) => row.id === 'd1')).toMatchObject({ status: 'pass', href: `/runs/${id}/d1` });
    expect(rows.find((row) => row.id === 'd2')!.status).toBeUndefined();
    expect(rows).toHaveLength(runs.count);
  });

  it('go one at a time, and only for what there is', () => {
    const { runs, tell } = desk();
    expect(runs.start(['d99'], false)).toEqual({ refused: expect.stringContaining('no scenario') });
    idOf(runs.start([], false));
    expect(runs.start(['d1'], false)).toEqual({
      refused: 'The run of everything is still going on; one runs at a time.',
    });
    tell({ kind: 'end' });
    idOf(runs.start(['d1'], false));
  });

  it('can be stopped; what comes late changes nothing', () => {
    const { runs, tell, stopped } = desk();
    const id = idOf(runs.start(['d1', 'd2'], false));
    tell({ kind: 'result', index: 0, report: report('d1', 'pass'), events: [] });
    runs.stopRun(id);
    tell({ kind: 'failure', why: 'terminated' });
    expect(stopped()).toBe(1);
    expect(runs.run(id)!.head).toMatchObject({ state: 'stopped', done: 1 });
    expect(runs.run(id)!.rows.map((row) => row.status)).toEqual(['pass', undefined]);
  });

  it('say when the testbed itself failed', () => {
    const { runs, tell } = desk();
    const id = idOf(runs.start(['d1'], false));
    tell({ kind: 'failure', why: 'out of memory' });
    expect(runs.run(id)!.head).toMatchObject({ state: 'failed', failure: 'out of memory' });
  });
});
