import type { Behaviour } from '../behaviour.ts';

/** Comes to the right result but keeps its findings to itself. */
export const mutesFinding: Behaviour = {
  id: 'disc.mutes-finding',
  title: 'comes to the right result but keeps its findings to itself',
  legal: false,
  apply: (parts) => ({ ...parts, report: () => [] }),
};
