import type { Behaviour } from '../behaviour.ts';
import { given } from './composing.ts';

/** Signs with SHA-1. */
export const sha1: Behaviour = {
  id: 'send.sha1',
  title: 'signs with SHA-1',
  legal: false,
  apply: given('sign', (draft) => ({
    ...draft,
    algorithms: { ...draft.algorithms, digest: 'sha1' },
  })),
};
