/**
 * All kinds of steps.
 *
 * @module
 */
import type { Step } from '../schema.ts';
import { deliver } from './deliver.ts';
import { send } from './send.ts';
import type { StepContext } from './step.ts';
import { wait } from './wait.ts';

export function runStep(step: Step, context: StepContext): Promise<void> {
  if ('send' in step) return send.run(step, context);
  if ('deliver' in step) return deliver.run(step, context);
  return wait.run(step, context);
}
