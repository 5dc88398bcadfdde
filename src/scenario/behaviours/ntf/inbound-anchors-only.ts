import type { Behaviour } from '../behaviour.ts';
import { inOpening, staged } from '../behaviour.ts';

/** Judges notices about its own messages by the anchors for incoming mail alone. */
export const inboundAnchorsOnly: Behaviour = {
  id: 'ntf.inbound-anchors-only',
  title: 'judges notices about its own messages by the anchors for incoming mail alone',
  legal: false,
  apply: inOpening((stages) =>
    staged(stages, 'classify', async (opening, run) => ({ ...(await run(opening)), answersOurs: false })),
  ),
};
