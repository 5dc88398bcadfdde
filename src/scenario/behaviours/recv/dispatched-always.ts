import type { Behaviour } from '../behaviour.ts';

/** Sends the dispatched notice whether it was asked for or not. */
export const dispatchedAlways: Behaviour = {
  id: 'recv.dispatched-always',
  title: 'sends the dispatched notice whether it was asked for or not',
  legal: false,
  apply: (parts) => ({
    ...parts,
    notify: (occasion, message) => parts.notify(occasion, { ...message, requested: true }),
  }),
};
