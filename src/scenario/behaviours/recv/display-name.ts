import { type Behaviour, inOpening, staged } from '../behaviour.ts';

const ADDRESS = /[^\s"<>,;]+@[^\s"<>,;]+/;

/** Takes the first thing in From that looks like an address for the sender. */
export const displayName: Behaviour = {
  id: 'recv.display-name',
  title: 'takes a display name that looks like an address for the sender',
  legal: false,
  apply: inOpening((stages) =>
    staged(stages, 'sender', async (opening, run) => {
      const next = await run(opening);
      const shown = ADDRESS.exec(next.inner?.header('from') ?? '')?.[0];
      return shown ? { ...next, sender: shown.toLowerCase() } : next;
    }),
  ),
};
