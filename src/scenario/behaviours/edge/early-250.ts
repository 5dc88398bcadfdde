import type { Behaviour } from '../behaviour.ts';
import { inSubmission } from './submitting.ts';

/** Answers before the message is on the disk. */
export const early250: Behaviour = {
  id: 'edge.early-250',
  title: 'answers 250 before a message is stored',
  legal: false,
  apply: inSubmission(() => ({
    submit: (submit) => async (user, mail) => {
      // what becomes of it nobody hears any more
      submit(user, mail).catch(() => undefined);
      return { ok: true, id: 'soon' };
    },
  })),
};
