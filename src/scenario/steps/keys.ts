import type { StepKind } from './step.ts';

/** Gives the system under test other keys: a certificate that is renewed, an old one that is thrown away. */
export const keys: StepKind<'keys'> = {
  kind: 'keys',
  async run({ keys: wanted }, { host, world }) {
    world.keys(wanted);
    host.events.emit({ kind: 'step', summary: { step: 'keys', keys: wanted } });
  },
};
