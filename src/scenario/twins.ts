/**
 * Broken twins: the scenario again, with one deliberate fault that it must notice.
 *
 * @module
 */
import type { Plan } from './cases.ts';
import { type ExecuteOptions, execute } from './execute.ts';
import type { ScenarioResult, TwinResult } from './judge/result.ts';
import type { Twin } from './schema.ts';

/** Runs one twin. It holds when exactly the checks that it names turned, and the control still passed. */
export async function runTwin(plan: Plan, twin: Twin, options: ExecuteOptions): Promise<TwinResult> {
  const { result } = await execute(plan, {
    ...options,
    behaviours: [{ on: twin.on, behaviour: twin.behaviour }],
  });
  const failed = turned(result);
  const control = result.control?.status;
  const asNamed = failed.length === twin.fails.length && failed.every((id) => twin.fails.includes(id));
  return {
    behaviour: twin.behaviour,
    expected: twin.fails,
    failed,
    control,
    ok: asNamed && (control === undefined || control === 'pass'),
  };
}

const turned = (result: ScenarioResult): string[] =>
  result.checks.filter((check) => ['fail', 'warn', 'error'].includes(check.status)).map((check) => check.id);
