import type { Behaviour } from '../behaviour.ts';
import { inNotices } from './keeping.ts';

/** Takes two messages with one Message-ID for one. */
export const mergeIds: Behaviour = {
  id: 'ntf.merge-ids',
  title: 'takes two messages with one Message-ID for one',
  legal: false,
  apply: inNotices(() => ({ pick: (found) => found.at(-1) })),
};
