import type { StepKind } from './step.ts';

/** Turns a machine of the network off, or on again: while it is off, it refuses every connection. */
export const machine: StepKind<'machine'> = {
  kind: 'machine',
  async run({ machine: { id, name, state } }, { host, world, part }) {
    world.machine(name, state);
    host.events.emit({ kind: 'step', summary: { step: 'machine', part, id, name, state } });
  },
};
