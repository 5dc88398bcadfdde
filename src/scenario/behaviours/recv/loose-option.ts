import { type Behaviour, inOpening, staged } from '../behaviour.ts';

/** Takes any text in the option header for a request. */
export const looseOption: Behaviour = {
  id: 'recv.loose-option',
  title: 'takes any text in the option header for a request',
  legal: false,
  apply: inOpening((stages) =>
    staged(stages, 'classify', async (opening, run) => {
      const next = await run(opening);
      const asked = next.inner?.header('disposition-notification-options') !== undefined;
      return { ...next, deliveryRequested: next.deliveryRequested || (next.kind === 'message' && asked) };
    }),
  ),
};
