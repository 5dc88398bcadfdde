import type { Behaviour } from '../behaviour.ts';
import { inNotices } from './keeping.ts';

/** Sends messages that it could not write into its books. */
export const untracked: Behaviour = {
  id: 'ntf.untracked',
  title: 'sends messages that it could not write into its books',
  legal: false,
  apply: inNotices(({ books }) => ({
    books(recipients, at) {
      try {
        return books(recipients, at);
      } catch {
        return recipients.map((row) => ({ ...row, state: 'untracked' as const, timer_at: null }));
      }
    },
  })),
};
