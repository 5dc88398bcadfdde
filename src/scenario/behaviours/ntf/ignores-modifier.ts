import type { Behaviour } from '../behaviour.ts';
import { inNotices } from './keeping.ts';

const NEGATIVE = new Set(['failed', 'failure', 'denied', 'error']);

/** Looks at the type of a disposition and not at its modifier. */
export const ignoresModifier: Behaviour = {
  id: 'ntf.ignores-modifier',
  title: 'looks at the type of a disposition and not at its modifier',
  legal: false,
  apply: inNotices(({ mdn }) => ({
    mdn: (notice, sender) =>
      mdn({ ...notice, negative: NEGATIVE.has(notice.disposition?.type ?? '') }, sender),
  })),
};
