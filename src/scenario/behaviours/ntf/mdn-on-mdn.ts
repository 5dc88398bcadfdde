import type { Behaviour } from '../behaviour.ts';

/** Answers notices by notices. */
export const mdnOnMdn: Behaviour = {
  id: 'ntf.mdn-on-mdn',
  title: 'answers notices by notices',
  legal: false,
  apply: (parts) => ({
    ...parts,
    notify: (occasion, message) => parts.notify(occasion, { ...message, kind: 'message' }),
  }),
};
