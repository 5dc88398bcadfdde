/**
 * From verdicts to the one report that every format prints.
 *
 * @module
 */
import { type CheckResult, findingText } from '../../outcome/check.ts';
import { type Status, tally } from '../../outcome/status.ts';
import type { ScenarioResult, TwinResult } from '../judge/result.ts';
import type { RunReport, ScenarioReport } from './schema.ts';

export interface Judged {
  readonly result: ScenarioResult;
  readonly durationMs: number;
  readonly twins?: readonly TwinResult[];
  /** Folder of the saved run. */
  readonly run?: string;
}

/** One scenario as reports print it; a twin that did not do what it should makes the scenario an `error`. */
export function scenarioReport({ result, durationMs, twins, run }: Judged): ScenarioReport {
  const deaf = twins?.find((twin) => !twin.ok);
  return {
    id: result.id,
    ...(result.variant ? { variant: result.variant } : {}),
    title: result.title,
    suite: result.suite,
    group: result.group,
    status: deaf && result.status !== 'fail' ? 'error' : result.status,
    cites: [...result.cites],
    durationMs: Math.round(durationMs),
    virtualMs: result.virtualMs,
    ...(result.control
      ? { control: { status: result.control.status, checks: result.control.checks.map(checkReport) } }
      : {}),
    checks: result.checks.map(checkReport),
    ...(result.firstCause
      ? { firstCause: result.firstCause, ...(result.cure ? { cure: result.cure } : {}) }
      : deaf
        ? { firstCause: { check: deaf.behaviour, code: 'testbed.twin', text: twinText(deaf) } }
        : {}),
    ...(twins
      ? { twins: twins.map((twin) => ({ ...twin, expected: [...twin.expected], failed: [...twin.failed] })) }
      : {}),
    ...(run ? { run } : {}),
  } as ScenarioReport;
}

/** What a twin showed that it should not have, in one sentence. */
export function twinText(twin: TwinResult): string {
  const list = (ids: readonly string[]): string => (ids.length > 0 ? ids.join(', ') : 'no check');
  if (twin.control !== undefined && twin.control !== 'pass') {
    return `twin ${twin.behaviour}: its control is ${twin.control}, so it proves nothing`;
  }
  return `twin ${twin.behaviour} made ${list(twin.failed)} fail; expected ${list(twin.expected)}`;
}

const checkReport = (check: CheckResult) => ({
  ...check,
  findings: check.findings.map((finding) => ({ ...finding, text: findingText(finding) })),
});

export function runReport(
  scenarios: readonly ScenarioReport[],
  about: { version: string; run: string; seed: number | string },
): RunReport {
  return {
    schema: 1,
    tool: 'anchorage',
    ...about,
    summary: tally(scenarios.map((scenario) => scenario.status as Status)),
    scenarios: [...scenarios],
  };
}
