import type { Behaviour } from '../behaviour.ts';

/** Sends in clear when no certificate can be found. */
export const cleartextFallback: Behaviour = {
  id: 'send.cleartext-fallback',
  title: 'sends in clear when no certificate can be found',
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
