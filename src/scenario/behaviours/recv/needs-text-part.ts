import { AgentStop } from '../../../agent/stop.ts';
import { displayMessage } from '../../../mail/display.ts';
import { cause } from '../../../outcome/cause.ts';
import { type Behaviour, inOpening, staged } from '../behaviour.ts';

/** Takes no message without a text part. */
export const needsTextPart: Behaviour = {
  id: 'recv.needs-text-part',
  title: 'takes no message without a text part',
  legal: false,
  apply: inOpening((stages) =>
    staged(stages, 'classify', async (opening, run) => {
      const next = await run(opening);
      if (next.kind === 'message' && next.message && !displayMessage(next.message).text) {
        throw new AgentStop(cause('parse.mime', { why: 'no text part' }));
      }
      return next;
    }),
  ),
};
