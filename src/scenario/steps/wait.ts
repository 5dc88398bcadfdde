import { duration } from '../schema.ts';
import type { StepKind } from './step.ts';

/** Lets time pass. */
export const wait: StepKind<'wait'> = {
  kind: 'wait',
  run({ wait: span }, { host, part, pass }) {
    const ms = duration(span);
    return pass ? pass(ms, part) : new Promise((resolve) => host.timer(ms, resolve));
  },
};
