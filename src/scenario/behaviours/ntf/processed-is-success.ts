import type { Behaviour } from '../behaviour.ts';
import { inBooks } from './keeping.ts';

/** Takes the processed notice for the final delivery. */
export const processedIsSuccess: Behaviour = {
  id: 'ntf.processed-is-success',
  title: 'takes the processed notice for the final delivery',
  legal: false,
  apply: inBooks((step, { requested }, { kind }) =>
    kind === 'processed' && requested && step.state === 'processed'
      ? { ...step, state: 'dispatched', tell: 'success', timer: 'stop' }
      : step,
  ),
};
