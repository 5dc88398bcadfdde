import type { Behaviour } from '../behaviour.ts';
import { inNotices } from './keeping.ts';

/** Leaves the final-delivery field out of the dispatched notice. */
export const dispatchedNoExt: Behaviour = {
  id: 'ntf.dispatched-no-ext',
  title: 'leaves the final-delivery field out of the dispatched notice',
  legal: false,
  apply: inNotices(() => ({ disposition: (proposed) => ({ ...proposed, finalDelivery: false }) })),
};
