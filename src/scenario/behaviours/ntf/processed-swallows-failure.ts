import type { Behaviour } from '../behaviour.ts';
import { inBooks } from './keeping.ts';

/** Takes processed for final where no final delivery was asked for, and hears no failure after it. */
export const processedSwallowsFailure: Behaviour = {
  id: 'ntf.processed-swallows-failure',
  title: 'takes processed for final where no final delivery was asked for, and hears no failure after it',
  legal: false,
  apply: inBooks((step, { state, requested }, { kind }) =>
    kind === 'failure' && state === 'processed' && !requested
      ? { state, tell: 'nothing', timer: 'keep', ends: false }
      : step,
  ),
};
