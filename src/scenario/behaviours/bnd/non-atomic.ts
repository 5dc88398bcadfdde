import type { Behaviour } from '../behaviour.ts';
import { inBundles } from './in-bundles.ts';

/** Takes the old anchors away before it writes the new ones. */
export const nonAtomic: Behaviour = {
  id: 'bnd.non-atomic',
  title: 'takes the old anchors away before it writes the new ones',
  legal: false,
  apply: inBundles(({ keep }) => ({
    keep: (shelf) => {
      const kept = keep(shelf);
      return {
        ...kept,
        save(id, state) {
          kept.remove(id);
          kept.save(id, state);
        },
      };
    },
  })),
};
