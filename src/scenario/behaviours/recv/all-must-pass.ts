import type { Behaviour } from '../behaviour.ts';

/** Refuses a message when one of its signers is bad. */
export const allMustPass: Behaviour = {
  id: 'recv.all-must-pass',
  title: 'refuses a message when one of its signers is bad',
  legal: false,
  apply: (parts) => ({
    ...parts,
    anySigner: (judged) => (judged.some((one) => one.state !== 'usable') ? [] : parts.anySigner(judged)),
  }),
};
