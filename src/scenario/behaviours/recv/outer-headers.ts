import { type Behaviour, inOpening, staged } from '../behaviour.ts';

/** Takes the sender from the fields outside, which anybody can change. */
export const outerHeaders: Behaviour = {
  id: 'recv.outer-headers',
  title: 'takes the sender from the fields outside the wrapped message',
  legal: false,
  apply: inOpening((stages) =>
    staged(stages, 'sender', async (opening, run) => {
      const { outer, inner } = opening;
      if (!outer || !inner) return run(opening);
      return { ...(await run({ ...opening, inner: outer })), inner };
    }),
  ),
};
