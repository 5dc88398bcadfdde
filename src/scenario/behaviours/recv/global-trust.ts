import { type Behaviour, inOpening, staged } from '../behaviour.ts';

/** What one of its domains trusts, all of them take. */
export const globalTrust: Behaviour = {
  id: 'recv.global-trust',
  title: 'takes for every recipient what one of them trusts',
  legal: false,
  apply: inOpening((stages) =>
    staged(stages, 'trust', async (opening, run) => {
      const next = await run(opening);
      const accepted = next.recipients.find(({ verdict }) => verdict === 'accepted');
      if (!accepted) return next;
      return {
        ...next,
        recipients: next.recipients.map((recipient) => ({ ...recipient, verdict: 'accepted', causes: [] })),
      };
    }),
  ),
};
