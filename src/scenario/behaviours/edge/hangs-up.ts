import { smtpReply } from '../../../smtp/reply.ts';
import type { Behaviour } from '../behaviour.ts';
import { inSubmission } from './submitting.ts';

/** One slip of a client, and the next command is its last. */
export const hangsUp: Behaviour = {
  id: 'edge.hangs-up',
  title: 'closes the connection after a command that does not exist',
  legal: false,
  apply: inSubmission(({ reply }) => {
    const slipped = new Set<number>();
    return {
      reply(proposed, context) {
        const { id } = context.session;
        if (slipped.has(id)) return smtpReply(421, '4.7.0 Good bye');
        const said = reply(proposed, context);
        if (said.code === 500) slipped.add(id);
        return said;
      },
    };
  }),
};
