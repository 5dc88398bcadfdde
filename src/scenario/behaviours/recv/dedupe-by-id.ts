import type { Behaviour } from '../behaviour.ts';

/** Takes another message of the same Message-ID for the same message. */
export const dedupeById: Behaviour = {
  id: 'recv.dedupe-by-id',
  title: 'takes another message of the same Message-ID for the same one',
  legal: false,
  apply: (parts) => ({ ...parts, identity: (facts) => parts.identity({ ...facts, content: '' }) }),
};
