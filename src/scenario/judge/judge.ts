/**
 * From the evidence of a run to its verdict. Pure: no clock, no sockets, no chance.
 *
 * @module
 */
import { type CheckResult, type Finding, findingText } from '../../outcome/check.ts';
import { rollUp, type Status } from '../../outcome/status.ts';
import type { Check } from '../schema.ts';
import type { BlobReader, Event } from '../transcript.ts';
import type { ControlResult, FirstCause, ScenarioResult } from './result.ts';
import { found, type Scope, verdictOf } from './verifier.ts';
import { verifiers } from './verifiers/index.ts';
import { type RunView, viewOf } from './view.ts';

/**
 * @param events the whole transcript, from its `run` event on
 * @param blob the bytes that events name
 * @throws {z.ZodError} when the transcript does not begin with a readable `run` event
 */
export function judge(events: readonly Event[], blob: BlobReader): ScenarioResult {
  const view = viewOf(events, blob);
  const { scenario, variant } = view.run;
  const broken = brokenRun(view);
  const control = scenario.control && judgeControl(scenario.control.expect, view, broken);
  const checks = scenario.expect.map((check) => {
    const result = judgeCheck(check, view, 'main', broken);
    return control && control.status !== 'pass' ? withoutControl(result, control) : result;
  });
  checks.push(...crossChecked(view));
  const required = checks.filter((check) => check.required).map((check) => check.status);
  const status = rollUp([
    ...required,
    ...checks.filter((check) => check.status === 'warn').map(() => 'warn' as const),
  ]);
  const firstCause = firstCauseOf(checks) ?? (control && firstCauseOf(control.checks));
  return {
    id: scenario.id,
    ...(variant ? { variant } : {}),
    title: scenario.title,
    suite: scenario.suite,
    group: scenario.group,
    status,
    cites: scenario.cites,
    virtualMs: spanOf(events),
    ...(control ? { control } : {}),
    checks,
    ...(firstCause ? { firstCause, cure: scenario.cure } : {}),
  };
}

function judgeControl(expect: readonly Check[], view: RunView, broken: Finding | undefined): ControlResult {
  const checks = expect.map((check) => judgeCheck(check, view, 'control', broken));
  return { status: rollUp(checks.map((check) => check.status)), checks };
}

function judgeCheck(
  check: Check,
  view: RunView,
  part: Scope['part'],
  broken: Finding | undefined,
): CheckResult {
  const { scenario, facts } = view.run;
  const verifier = verifiers.get(check.that);
  const head = {
    id: check.check,
    title: verifier?.about ?? check.that,
    required: check.required,
    sees: check.sees,
  };
  if (broken) return { ...head, status: 'error', reason: findingText(broken), findings: [broken] };
  if (check.sees === 'inside' && !facts.sut.ours) {
    return {
      ...head,
      status: 'na',
      reason: 'needs the records of the system itself, which is not ours',
      findings: [],
    };
  }
  const caseId = check.check.includes('.') ? check.check.split('.')[0]! : scenario.id;
  const args = verifier?.args.safeParse(check.args);
  if (!verifier || !args?.success) {
    const why = verifier
      ? `arguments of ${check.that}: ${args?.error?.message}`
      : `no verifier is named ${check.that}`;
    return { ...head, status: 'error', reason: why, findings: [] };
  }
  const verdict = verifier.verify(args.data, view, { case: caseId, part, cites: scenario.cites });
  return { ...head, ...verdict };
}

/** What a program that is not ours says of the same messages; nothing where it was not asked. */
function crossChecked({ events }: RunView): CheckResult[] {
  const said = events.filter((event) => (event.summary as { step?: string }).step === 'cross-check');
  if (said.length === 0) return [];
  const scope: Scope = { case: '', part: 'main', cites: [] };
  const findings = said.map((event) => {
    const { tool, agrees, detail } = event.summary as { tool: string; agrees: boolean; detail: string };
    const params = { tool, agrees, detail };
    return found(agrees ? 'info' : 'error', { code: 'observed.cross-check', params }, [event.n], scope);
  });
  const title = 'openssl reads the messages as we do';
  return [{ id: 'cross-check', title, required: true, sees: 'outside', ...verdictOf(findings) }];
}

/** Silence proves nothing when the control failed on the same path. */
function withoutControl(result: CheckResult, control: ControlResult): CheckResult {
  if (result.status !== 'pass' && result.status !== 'warn') return result;
  const failed = control.checks.find((check) => check.status !== 'pass')!;
  const finding = found(
    'error',
    { code: 'observed.control-failed', params: { check: failed.id } },
    failed.findings.flatMap((one) => one.evidence),
    { case: '', part: 'control', cites: [] },
  );
  return {
    ...result,
    status: 'error',
    reason: findingText(finding),
    findings: [...result.findings, finding],
  };
}

/** A run that did not come to its end cannot be judged. */
function brokenRun(view: RunView): Finding | undefined {
  const end = view.events.findLast((event) => event.kind === 'end');
  const scope: Scope = { case: '', part: 'main', cites: [] };
  if (!end) {
    const params = { what: 'the run', why: 'the transcript has no end' };
    return found('error', { code: 'testbed.failure', params }, [], scope);
  }
  const detail = end.summary as { outcome?: string; what?: string; why?: string };
  if (detail.outcome === 'completed') return undefined;
  const params = { what: detail.what ?? 'the run', why: detail.why ?? 'it ended early' };
  return found('error', { code: 'testbed.failure', params }, [end.n], scope);
}

const TELLING: readonly Status[] = ['fail', 'error', 'warn'];

function firstCauseOf(checks: readonly CheckResult[]): FirstCause | undefined {
  for (const status of TELLING) {
    const check = checks.find((candidate) => candidate.status === status);
    if (!check) continue;
    const finding = check.findings.find((one) => one.level === status) ?? check.findings[0];
    if (finding) return { check: check.id, code: finding.code, text: findingText(finding) };
    return { check: check.id, code: status, text: check.reason ?? check.title };
  }
  return undefined;
}

function spanOf(events: readonly Event[]): number {
  const from = events[0]?.t;
  const to = events.at(-1)?.t;
  return from && to ? Date.parse(to) - Date.parse(from) : 0;
}
