import type { Behaviour } from '../behaviour.ts';

/** Says dispatched as soon as a message is in the queue for the edge system. */
export const dispatchedOnQueue: Behaviour = {
  id: 'recv.dispatched-on-queue',
  title: 'says dispatched as soon as a message is in the queue for the edge system',
  legal: false,
  apply: (parts) => ({
    ...parts,
    notify(occasion, message) {
      if (occasion === 'delivered') return [];
      const own = parts.notify(occasion, message);
      return occasion === 'accepted' ? [...own, ...parts.notify('delivered', message)] : own;
    },
  }),
};
