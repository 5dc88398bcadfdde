import type { StepKind } from './step.ts';

/** Replaces the records of the case’s domain. */
export const zone: StepKind<'zone'> = {
  kind: 'zone',
  async run({ zone: { id, records } }, { host, world, part }) {
    world.zone(records);
    host.events.emit({ kind: 'step', summary: { step: 'zone', part, id, records } });
  },
};
