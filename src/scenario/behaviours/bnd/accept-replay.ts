import type { Behaviour } from '../behaviour.ts';
import { inRules } from './in-bundles.ts';

/** Takes an older bundle that was replaced before. */
export const acceptReplay: Behaviour = {
  id: 'bnd.accept-replay',
  title: 'takes an older bundle that was replaced before',
  legal: false,
  apply: inRules(() => ({ replay: () => undefined })),
};
