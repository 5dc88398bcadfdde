import type { StepKind } from './step.ts';

/** Changes what an authority publishes from now on. */
export const authority: StepKind<'authority'> = {
  kind: 'authority',
  async run({ authority: change }, { host, world, part }) {
    world.authority(change);
    host.events.emit({ kind: 'step', summary: { step: 'authority', part, ...change } });
  },
};
