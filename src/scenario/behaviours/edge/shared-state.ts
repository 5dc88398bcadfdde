import { isPositive } from '../../../smtp/reply.ts';
import type { Behaviour } from '../behaviour.ts';
import { inSubmission } from './submitting.ts';

/** Keeps the recipients of all connections in one place, until some message comes. */
export const sharedState: Behaviour = {
  id: 'edge.shared-state',
  title: 'sends a message to recipients of other connections, and to those that were taken back',
  legal: false,
  apply: inSubmission(({ reply }) => {
    const waiting = new Set<string>();
    return {
      reply(proposed, context) {
        const said = reply(proposed, context);
        const rcpt = /<([^>]+)>/.exec(context.argument)?.[1];
        if (context.stage === 'RCPT' && rcpt && isPositive(said)) waiting.add(rcpt);
        return said;
      },
      submit: (submit) => (user, mail) => {
        const to = [...new Set([...mail.to, ...waiting])];
        waiting.clear();
        return submit(user, { ...mail, to });
      },
    };
  }),
};
