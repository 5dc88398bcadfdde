import type { Behaviour } from '../behaviour.ts';

/** Sends in clear to whom it has no usable certificate for, and tells nobody. */
export const cleartextFallback: Behaviour = {
  id: 'send.cleartext-fallback',
  title: 'sends in clear to whom it has no usable certificate for',
  legal: false,
  apply: (parts) => ({
    ...parts,
    unsent: (unsent, submission) =>
      unsent.map(({ address }) => ({
        mailFrom: submission.from,
        rcptTo: [address],
        bytes: submission.bytes,
        messageId: '<in-clear@invalid>',
      })),
  }),
};
