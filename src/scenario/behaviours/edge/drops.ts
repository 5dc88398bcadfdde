import type { Behaviour } from '../behaviour.ts';
import { inSubmission } from './submitting.ts';

/** Says that it has a message, and has it not. */
export const drops: Behaviour = {
  id: 'edge.drops',
  title: 'answers 250 to a message and throws it away',
  legal: false,
  apply: inSubmission(() => ({ submit: () => async () => ({ ok: true, id: 'nowhere' }) })),
};
