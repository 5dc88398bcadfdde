import { smtpReply } from '../../../smtp/reply.ts';
import type { Behaviour } from '../behaviour.ts';

/** Refuses mail with the null reverse-path. */
export const refusesNull: Behaviour = {
  id: 'ntf.refuses-null',
  title: 'refuses mail with the null reverse-path',
  legal: false,
  apply: (parts) => ({
    ...parts,
    smtpReply: (proposed, context) =>
      context.stage === 'MAIL' && /^FROM:\s*<>/i.test(context.argument)
        ? smtpReply(550, '5.1.8 The sender must have an address')
        : parts.smtpReply(proposed, context),
  }),
};
