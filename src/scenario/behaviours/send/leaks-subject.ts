import { readEntity } from '../../../mail/entity.ts';
import type { Behaviour } from '../behaviour.ts';
import { given } from './composing.ts';

/** Writes the subject outside too. */
export const leaksSubject: Behaviour = {
  id: 'send.leaks-subject',
  title: 'writes the subject outside too',
  legal: false,
  apply: given('outer', (draft) => ({
    ...draft,
    outer: { ...draft.outer, subject: readEntity(draft.message).header('subject') ?? '' },
  })),
};
