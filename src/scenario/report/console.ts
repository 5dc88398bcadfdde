/**
 * The report for a terminal: one line a scenario, and under each that did not pass what was found, where, and what
 * would make it pass.
 *
 * @module
 */
import type { Status } from '../../outcome/status.ts';
import type { RunReport, ScenarioReport } from './schema.ts';

export type Paint = (style: 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan', text: string) => string;

export const plain: Paint = (_style, text) => text;

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export const ansi: Paint = (style, text) => `\u001b[${CODES[style]}m${text}\u001b[0m`;

const MARK: Record<Status, readonly [string, Parameters<Paint>[0]]> = {
  pass: ['✓ pass ', 'green'],
  fail: ['✗ FAIL ', 'red'],
  warn: ['! warn ', 'yellow'],
  skip: ['- skip ', 'yellow'],
  na: ['· n/a  ', 'dim'],
  error: ['‼ ERROR', 'red'],
  cancelled: ['- stop ', 'yellow'],
};

const mark = (status: Status, paint: Paint): string => paint(MARK[status][1], MARK[status][0]);

export const scenarioName = (scenario: Pick<ScenarioReport, 'id' | 'variant'>): string =>
  scenario.variant ? `${scenario.id}/${scenario.variant}` : scenario.id;

/** The lines of one scenario. */
export function scenarioLines(scenario: ScenarioReport, paint: Paint, width = 12): string[] {
  const name = scenarioName(scenario);
  const head = `${mark(scenario.status, paint)} ${paint('bold', name.padEnd(width))} ${scenario.title}`;
  const lines = [`${head} ${paint('dim', twinCount(scenario))}`.trimEnd()];
  if (scenario.reason) lines.push(`           ${scenario.reason}`);
  for (const check of [...scenario.checks, ...(scenario.control?.checks ?? [])]) {
    if (check.status === 'pass' || check.status === 'na') continue;
    lines.push(`           ${mark(check.status, paint)} ${check.id} (${check.title})`);
    if (check.reason) lines.push(`                   ${check.reason}`);
    for (const finding of check.findings) {
      if (finding.level === 'info' || finding.text === check.reason) continue;
      const events =
        finding.evidence.length > 0 ? paint('dim', ` [events ${finding.evidence.join(', ')}]`) : '';
      lines.push(`                   ${finding.text}${events}`);
    }
  }
  for (const twin of scenario.twins ?? []) {
    if (twin.ok) continue;
    const failed = twin.failed.join(', ') || 'nothing';
    lines.push(
      `           ${paint('red', '‼ twin')} ${twin.behaviour}: failed ${failed}; expected ${twin.expected.join(', ')}${
        twin.control && twin.control !== 'pass' ? `; control ${twin.control}` : ''
      }`,
    );
  }
  if (scenario.cure && scenario.status !== 'pass')
    lines.push(`           ${paint('cyan', 'to pass:')} ${scenario.cure}`);
  if (scenario.run && scenario.status !== 'pass')
    lines.push(paint('dim', `           evidence: ${scenario.run}`));
  return lines;
}

function twinCount(scenario: ScenarioReport): string {
  const twins = scenario.twins;
  if (!twins) return '';
  return `(${twins.filter((twin) => twin.ok).length} of ${twins.length} twins caught)`;
}

/** The closing line: how many of each, and how long it took. */
export function summaryLine(report: RunReport, paint: Paint): string {
  const { summary } = report;
  const parts = (Object.keys(MARK) as Status[])
    .filter((status) => status === 'pass' || status === 'fail' || summary[status] > 0)
    .map((status) =>
      paint(
        MARK[status][1],
        `${summary[status]} ${status === 'pass' ? 'passed' : status === 'fail' ? 'failed' : status}`,
      ),
    );
  const seconds = report.scenarios.reduce((sum, scenario) => sum + scenario.durationMs, 0) / 1000;
  return `${parts.join(', ')} ${paint('dim', `in ${seconds.toFixed(1)} s, seed ${report.seed}`)}`;
}

/** The whole report as text, scenarios under their suite. */
export function consoleReport(report: RunReport, paint: Paint = plain): string {
  const lines: string[] = [];
  const width = Math.max(0, ...report.scenarios.map((scenario) => scenarioName(scenario).length)) + 1;
  let heading = '';
  for (const scenario of report.scenarios) {
    const here = scenario.suite;
    if (here !== heading) lines.push('', paint('bold', here));
    heading = here;
    lines.push(...scenarioLines(scenario, paint, width));
  }
  lines.push('', summaryLine(report, paint));
  return `${lines.join('\n').trimStart()}\n`;
}
