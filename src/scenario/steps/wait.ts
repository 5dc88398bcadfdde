import { duration } from '../schema.ts';
import type { StepKind } from './step.ts';

/** Lets time pass. */
export const wait: StepKind<'wait'> = {
  kind: 'wait',
  run({ wait: span }, { host }) {
    return new Promise((resolve) => host.timer(duration(span), resolve));
  },
};
