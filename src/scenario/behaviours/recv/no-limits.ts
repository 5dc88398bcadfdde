import { smtpReply } from '../../../smtp/reply.ts';
import { type Behaviour, inOpening, staged } from '../behaviour.ts';
import { innerParts } from './inner-parts.ts';

const MOST = { octets: 30 << 20, parts: 50, depth: 100, inflated: 32 << 20 };

/** Takes whatever size there is, opens everything to the bottom, and falls over. */
export const noLimits: Behaviour = {
  id: 'recv.no-limits',
  title: 'has no limits: it takes every size, opens everything to the bottom, and falls over',
  legal: false,
  apply: (parts, random) =>
    inOpening((stages) =>
      staged(stages, 'classify', (opening, run) => {
        const { message } = opening;
        const seen = message && innerParts(message);
        const over =
          seen &&
          (message.length > MOST.octets ||
            seen.parts > MOST.parts ||
            seen.depth > MOST.depth ||
            seen.inflated > MOST.inflated);
        // Whatever is no reason of a message stops the agent.
        if (over) throw new RangeError('out of memory');
        return run(opening);
      }),
    )(
      {
        ...parts,
        smtpReply: (proposed, context) => {
          const reply = parts.smtpReply(proposed, context);
          return reply.code === 552 ? smtpReply(250, '2.0.0 Taken') : reply;
        },
      },
      random,
    ),
};
