import type { Behaviour } from '../behaviour.ts';

/** Tells the sender nothing when a recipient fails. */
export const noDsn: Behaviour = {
  id: 'ntf.no-dsn',
  title: 'tells the sender nothing when a recipient fails',
  legal: false,
  apply: (parts) => ({
    ...parts,
    transition: (tracked, event) => {
      const step = parts.transition(tracked, event);
      return step.tell === 'failure' ? { ...step, tell: 'nothing' } : step;
    },
  }),
};
