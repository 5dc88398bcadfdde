import { cause } from '../../../outcome/cause.ts';
import type { Behaviour } from '../behaviour.ts';
import { inSubmission } from './submitting.ts';

/** Refuses every message at its end. */
export const acceptsNothing: Behaviour = {
  id: 'edge.accepts-nothing',
  title: 'refuses every message',
  legal: false,
  apply: inSubmission(() => ({
    submit: () => async () => ({ ok: false, cause: cause('message.from-missing', {}) }),
  })),
};
