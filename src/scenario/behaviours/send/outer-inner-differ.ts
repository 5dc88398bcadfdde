import type { Behaviour } from '../behaviour.ts';
import { given } from './composing.ts';

/** Writes another From outside than inside. */
export const outerInnerDiffer: Behaviour = {
  id: 'send.outer-inner-differ',
  title: 'writes another From outside than inside',
  legal: false,
  apply: given('outer', (draft) => ({
    ...draft,
    outer: { ...draft.outer, from: `gateway${draft.sender.slice(draft.sender.lastIndexOf('@'))}` },
  })),
};
