/**
 * JUnit XML, as continuous-integration servers read it: a suite for each suite, a case for each check.
 *
 * @module
 */
import { scenarioName } from './console.ts';
import type { RunReport, ScenarioReport } from './schema.ts';

type CheckReport = ScenarioReport['checks'][number];

export function junitReport(report: RunReport): string {
  const suites = Map.groupBy(report.scenarios, (scenario) => scenario.suite);
  const body = [...suites].map(([suite, scenarios]) => suiteXml(suite, scenarios)).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="anchorage">\n${body}</testsuites>\n`;
}

function suiteXml(suite: string, scenarios: readonly ScenarioReport[]): string {
  const cases = scenarios.flatMap((scenario) => allChecks(scenario).map((check) => caseXml(scenario, check)));
  const count = (status: string) =>
    scenarios.flatMap(allChecks).filter((check) => check.required && check.status === status).length;
  const seconds = scenarios.reduce((sum, scenario) => sum + scenario.durationMs, 0) / 1000;
  return `  <testsuite name="${xml(suite)}" tests="${cases.length}" failures="${count('fail')}" errors="${count('error')}" skipped="${count('skip') + count('na')}" time="${seconds}">\n${cases.join('')}  </testsuite>\n`;
}

const allChecks = (scenario: ScenarioReport): CheckReport[] => [
  ...scenario.checks,
  ...(scenario.control?.checks ?? []),
];

function caseXml(scenario: ScenarioReport, check: CheckReport): string {
  const name = `${scenarioName(scenario)} ${check.id}`;
  const open = `    <testcase classname="${xml(`${scenario.suite}.${scenario.group}`)}" name="${xml(name)}" time="${scenario.durationMs / 1000}"`;
  const text = check.findings
    .filter((finding) => finding.level !== 'info')
    .map((finding) => finding.text)
    .join('\n');
  const detail = xml([text, scenario.cure ? `To pass: ${scenario.cure}` : ''].filter(Boolean).join('\n'));
  const message = xml(check.reason ?? text.split('\n')[0] ?? check.title);
  switch (check.required ? check.status : check.status === 'fail' ? 'warn' : check.status) {
    case 'fail':
      return `${open}>\n      <failure message="${message}">${detail}</failure>\n    </testcase>\n`;
    case 'error':
    case 'cancelled':
      return `${open}>\n      <error message="${message}">${detail}</error>\n    </testcase>\n`;
    case 'skip':
    case 'na':
      return `${open}>\n      <skipped message="${message}"/>\n    </testcase>\n`;
    case 'warn':
      return `${open}>\n      <system-out>${detail}</system-out>\n    </testcase>\n`;
    case 'pass':
      return `${open}/>\n`;
  }
}

/** XML text or attribute; characters that XML 1.0 cannot hold become U+FFFD. */
const xml = (text: string): string =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
