import type { Behaviour } from '../behaviour.ts';

/** Sends to some recipients at once and to the rest in another message. */
export const splitMessage: Behaviour = {
  id: 'disc.split-message',
  title: 'sends to some recipients at once and to the rest in another message',
  legal: true,
  apply: (parts) => ({
    ...parts,
    plan: (decided) => parts.plan(decided).flatMap((group) => group.map((one) => [one])),
  }),
};
