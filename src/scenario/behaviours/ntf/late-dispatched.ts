import type { Behaviour } from '../behaviour.ts';
import { inBooks } from './keeping.ts';

/** Delivers a dispatched notice after it told of the failure. */
export const lateDispatched: Behaviour = {
  id: 'ntf.late-dispatched',
  title: 'delivers a dispatched notice after it told of the failure',
  legal: false,
  apply: inBooks((step, { state }, { kind }) =>
    kind === 'dispatched' && (state === 'timed-out' || state === 'failed')
      ? { ...step, tell: 'success' }
      : step,
  ),
};
