import type { Behaviour } from '../behaviour.ts';
import { given } from './composing.ts';

/** Writes Bcc into the outer header. */
export const bccLeak: Behaviour = {
  id: 'send.bcc-leak',
  title: 'writes Bcc into the outer header',
  legal: false,
  apply: given('outer', (draft) => ({
    ...draft,
    outer: { ...draft.outer, extraHeaders: [['Bcc', draft.rcptTo.join(', ')]] },
  })),
};
