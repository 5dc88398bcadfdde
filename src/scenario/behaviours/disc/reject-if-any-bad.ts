import type { Behaviour } from '../behaviour.ts';

/** Drops all certificates of a name when one is unusable. */
export const rejectIfAnyBad: Behaviour = {
  id: 'disc.reject-if-any-bad',
  title: 'drops all certificates of a name when one is unusable',
  legal: false,
  apply: (parts) => ({
    ...parts,
    select: (judged) => (judged.some((one) => one.state !== 'usable') ? [] : parts.select(judged)),
  }),
};
