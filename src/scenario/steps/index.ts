/**
 * All kinds of steps.
 *
 * @module
 */
import type { Step } from '../schema.ts';
import { authority } from './authority.ts';
import { crash } from './crash.ts';
import { deliver } from './deliver.ts';
import { fetchBundle } from './fetch-bundle.ts';
import { inspect } from './inspect.ts';
import { keys } from './keys.ts';
import { lookup } from './lookup.ts';
import { machine } from './machine.ts';
import { mailbox } from './mailbox.ts';
import { probe } from './probe.ts';
import { publish } from './publish.ts';
import { read } from './read.ts';
import { send } from './send.ts';
import type { StepContext } from './step.ts';
import { talk } from './talk.ts';
import { clock, node, outage } from './trouble.ts';
import { wait } from './wait.ts';
import { zone } from './zone.ts';

export function runStep(step: Step, context: StepContext): Promise<void> {
  if ('send' in step) return send.run(step, context);
  if ('deliver' in step) return deliver.run(step, context);
  if ('publish' in step) return publish.run(step, context);
  if ('probe' in step) return probe.run(step, context);
  if ('fetch' in step) return fetchBundle.run(step, context);
  if ('crash' in step) return crash.run(step, context);
  if ('lookup' in step) return lookup.run(step, context);
  if ('inspect' in step) return inspect.run(step, context);
  if ('keys' in step) return keys.run(step, context);
  if ('authority' in step) return authority.run(step, context);
  if ('machine' in step) return machine.run(step, context);
  if ('zone' in step) return zone.run(step, context);
  if ('read' in step) return read.run(step, context);
  if ('node' in step) return node.run(step, context);
  if ('clock' in step) return clock.run(step, context);
  if ('outage' in step) return outage.run(step, context);
  if ('talk' in step) return talk.run(step, context);
  if ('mailbox' in step) return mailbox.run(step, context);
  return wait.run(step, context);
}
