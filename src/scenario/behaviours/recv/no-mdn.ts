import type { Behaviour } from '../behaviour.ts';

/** Sends no notice. */
export const noMdn: Behaviour = {
  id: 'recv.no-mdn',
  title: 'sends no notice',
  legal: false,
  apply: (parts) => ({ ...parts, notify: () => [] }),
};
