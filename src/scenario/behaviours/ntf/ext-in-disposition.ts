import type { Behaviour } from '../behaviour.ts';
import { inNotices } from './keeping.ts';

/** Writes the final delivery into the disposition, as a modifier. */
export const extInDisposition: Behaviour = {
  id: 'ntf.ext-in-disposition',
  title: 'writes the final delivery into the disposition, as a modifier',
  legal: false,
  apply: inNotices(() => ({
    disposition: (proposed) =>
      proposed.finalDelivery
        ? { ...proposed, finalDelivery: false, modifiers: ['X-DIRECT-FINAL-DESTINATION-DELIVERY'] }
        : proposed,
  })),
};
