import type { Behaviour } from '../behaviour.ts';

/** Never sends the dispatched notice. */
export const neverDispatched: Behaviour = {
  id: 'recv.never-dispatched',
  title: 'never sends the dispatched notice',
  legal: false,
  apply: (parts) => ({
    ...parts,
    notify: (occasion, message) => parts.notify(occasion, message).filter((kind) => kind !== 'dispatched'),
  }),
};
