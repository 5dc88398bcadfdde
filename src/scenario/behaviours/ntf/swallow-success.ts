import type { Behaviour } from '../behaviour.ts';
import { inBooks } from './keeping.ts';

/** Keeps the notice of success from its user. */
export const swallowSuccess: Behaviour = {
  id: 'ntf.swallow-success',
  title: 'keeps the notice of success from its user',
  legal: false,
  apply: inBooks((step) => (step.tell === 'success' ? { ...step, tell: 'nothing' } : step)),
};
