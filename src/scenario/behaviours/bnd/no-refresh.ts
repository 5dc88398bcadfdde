import type { Behaviour } from '../behaviour.ts';
import { inRules } from './in-bundles.ts';

/** Loads a bundle once and never again. */
export const noRefresh: Behaviour = {
  id: 'bnd.no-refresh',
  title: 'loads a bundle once and never again',
  legal: false,
  apply: inRules(({ nextAt }) => ({
    nextAt: (one, state, now) => (state.failures > 0 ? nextAt(one, state, now) : undefined),
  })),
};
