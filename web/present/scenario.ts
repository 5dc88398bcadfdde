/**
 * Scenarios and their reports as pages show them.
 *
 * @module
 */
import type { Event, ScenarioReport } from '../../src/scenario/index.ts';
import type { CheckView, ResultView, ScenarioRowView, Tone } from '../views.ts';
import { capital } from './address.ts';
import { presentTimeline } from './timeline.ts';

export const SUITE_TITLES: Readonly<Record<string, string>> = {
  discovery: 'Certificate discovery',
  hosting: 'Certificate hosting',
  receive: 'Receiving',
  send: 'Sending',
  edges: 'Edge protocols',
  notification: 'Delivery notification',
  bundles: 'Trust bundles',
  trust: 'Trust',
};

/** What a page needs to know of a scenario before it runs. */
export interface ScenarioInfo {
  readonly id: string;
  readonly variant?: string;
  readonly title: string;
  readonly why: string;
  readonly suite: string;
  readonly group: string;
  readonly cites: readonly string[];
  readonly twins: number;
}

/** Fits into an address and into an element's id. */
export const scenarioKey = (of: { readonly id: string; readonly variant?: string | undefined }): string =>
  (of.variant ? `${of.id}--${of.variant}` : of.id).replace(/[^A-Za-z0-9_-]/g, '-');

export function presentRow(
  info: ScenarioInfo,
  report: ScenarioReport | undefined,
  run?: string,
): ScenarioRowView {
  const key = scenarioKey(info);
  return {
    key,
    id: info.id,
    ...(info.variant ? { variant: info.variant } : {}),
    title: info.title,
    group: info.group,
    suite: info.suite,
    twins: info.twins,
    ...(report
      ? {
          status: report.status,
          virtualMs: report.virtualMs,
          ...(report.firstCause ? { firstCause: report.firstCause.text } : {}),
          ...(run ? { href: `/runs/${run}/${key}` } : {}),
        }
      : {}),
  };
}

const LEVEL_TONE: Readonly<Record<string, Tone>> = {
  info: 'muted',
  warn: 'warn',
  fail: 'bad',
  error: 'warn',
};

const presentCheck = (check: ScenarioReport['checks'][number]): CheckView => ({
  id: check.id,
  title: capital(check.title),
  status: check.status,
  required: check.required,
  sees: check.sees,
  ...(check.reason ? { reason: check.reason } : {}),
  findings: check.findings.map((finding) => ({
    tone: LEVEL_TONE[finding.level] ?? 'muted',
    text: finding.text,
    evidence: finding.evidence,
  })),
});

export function presentResult(
  run: ResultView['run'],
  info: ScenarioInfo,
  report: ScenarioReport,
  events: readonly Event[],
): ResultView {
  return {
    run,
    row: presentRow(info, report, run.id),
    why: info.why,
    cites: report.cites,
    ...(report.cure ? { cure: report.cure } : {}),
    ...(report.control
      ? { control: { status: report.control.status, checks: report.control.checks.map(presentCheck) } }
      : {}),
    checks: report.checks.map(presentCheck),
    twins: (report.twins ?? []).map((twin) => ({
      behaviour: twin.behaviour,
      expected: twin.expected.join(', ') || 'none',
      failed: twin.failed.join(', ') || 'none',
      ok: twin.ok,
    })),
    timeline: presentTimeline(events),
    certificates: certificatesOf(events),
  };
}

interface CertificateFact {
  readonly role: string;
  readonly case: string;
  readonly sha256: string;
  readonly names: readonly string[];
  readonly places: readonly string[];
  readonly faults: readonly string[];
}

/** From the facts in the first event. */
function certificatesOf(events: readonly Event[]): ResultView['certificates'] {
  const facts = (events.find((event) => event.kind === 'run')?.summary ?? {}) as {
    readonly facts?: { readonly certificates?: readonly CertificateFact[] };
  };
  const list = facts.facts?.certificates ?? [];
  const several = new Set(list.map((one) => one.case)).size > 1;
  return list.map((one) => ({
    role: several ? `${one.case} ${one.role}` : one.role,
    names: one.names.join(', '),
    places: one.places.join('; '),
    faults: one.faults.join(', '),
    sha256: one.sha256,
  }));
}
