import { PlanError } from '../cases.ts';
import type { StepKind } from './step.ts';

/** Has the consumer of bundles lose power in the middle of writing down a change. */
export const crash: StepKind<'crash'> = {
  kind: 'crash',
  async run({ crash: { call } }, { host, consumer }) {
    if (!consumer) throw new PlanError('the system under test consumes no bundle');
    consumer.crashAt(call);
    host.events.emit({ kind: 'step', summary: { step: 'crash', call } });
  },
};
