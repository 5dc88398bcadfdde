import type { Behaviour } from '../behaviour.ts';
import { inBooks } from './keeping.ts';

/** Never notices that an answer is missing. */
export const noTimer: Behaviour = {
  id: 'ntf.no-timer',
  title: 'never notices that an answer is missing',
  legal: false,
  apply: inBooks((step, { state }, { kind }) =>
    kind === 'timer' ? { state, tell: 'nothing', timer: 'stop', ends: false } : step,
  ),
};
