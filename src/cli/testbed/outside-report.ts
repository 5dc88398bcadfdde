/**
 * The verdict on a system outside: for each address which certificate was used, which is missing, which should not
 * have been, and every question that the system asked.
 *
 * @module
 */
import { findingText } from '../../outcome/check.ts';
import type { Testbed } from '../../scenario/index.ts';
import { columns, style } from '../terminal.ts';

const MARK = { pass: style.good('✓'), fail: style.bad('✗'), warn: style.warn('!') } as const;

export function outsideReport(testbed: Testbed): string[] {
  const { view, result } = { view: testbed.view(), result: testbed.judge() };
  if (view.arrived.length === 0) {
    return ['No message has come yet.', '', ...questions(view.asked)];
  }
  const cases = Object.keys(view.run.facts.cases).map((id) => {
    const checks = result.checks.filter((check) => check.id.startsWith(`${id}.`) && check.status !== 'na');
    const worst = checks.some((check) => check.status === 'fail')
      ? 'fail'
      : checks.some((check) => check.status === 'warn')
        ? 'warn'
        : 'pass';
    const texts = checks.flatMap((check) => check.findings).map(findingText);
    return [`  ${MARK[worst]} ${id}`, texts.join('; ') || 'nothing was encrypted to it, as it should be'];
  });
  const whole = result.checks
    .filter((check) => !check.id.includes('.') && check.status !== 'pass' && check.status !== 'na')
    .flatMap((check) => check.findings.map((finding) => `  ${style.warn('!')} ${findingText(finding)}`));
  const messages = new Set(view.arrived.map((message) => message.blob)).size;
  return [
    '',
    style.bold(`Verdict: ${result.status === 'pass' ? style.good('pass') : style.bad(result.status)}`),
    `  ${messages} message${messages === 1 ? '' : 's'} in ${view.arrived.length} transaction${view.arrived.length === 1 ? '' : 's'}`,
    ...columns(cases),
    ...whole,
    ...(result.cure && result.status !== 'pass' ? [`  to pass: ${result.cure}`] : []),
    '',
    ...questions(view.asked),
  ];
}

function questions(asked: ReturnType<Testbed['view']>['asked']): string[] {
  if (asked.length === 0) return ['It has asked nothing yet.'];
  const from = asked[0]!.at;
  return [
    style.bold(`What it asked (${asked.length} questions)`),
    ...columns(
      asked.map(({ at, text, transport }) => [
        `  +${((at - from) / 1000).toFixed(3)} s`,
        transport ?? '',
        text,
      ]),
    ),
  ];
}
