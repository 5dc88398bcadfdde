import { PlanError } from '../cases.ts';
import type { StepKind } from './step.ts';

/** Changes what is at the place of a trust bundle. */
export const publish: StepKind<'publish'> = {
  kind: 'publish',
  async run({ publish: { id, bundle, again, ...fixture } }, { host, bundles, part }) {
    if (!bundles) throw new PlanError('the network publishes no bundle');
    bundles.publish(bundle, id, { ...fixture, ...(again === undefined ? {} : { again }) });
    host.events.emit({ kind: 'step', summary: { step: 'publish', id, part, bundle, ...fixture } });
  },
};
