import type { Behaviour } from '../behaviour.ts';
import { inBooks } from './keeping.ts';

/** Loses some notices when there are many. */
export const falseUnderLoad: Behaviour = {
  id: 'ntf.false-under-load',
  title: 'loses some notices when there are many',
  legal: false,
  apply: (parts) => {
    let count = 0;
    return inBooks((step, { state }, { kind }) => {
      const lost = kind === 'processed' && ++count % 25 === 0;
      return lost ? { state, tell: 'nothing', timer: 'keep', ends: false } : step;
    })(parts);
  },
};
