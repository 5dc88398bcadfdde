import type { Behaviour } from '../behaviour.ts';
import { inRules } from './in-bundles.ts';

/** Takes a bundle that has lost most of its anchors without asking anybody. */
export const acceptShrink: Behaviour = {
  id: 'bnd.accept-shrink',
  title: 'takes a bundle that has lost most of its anchors without asking anybody',
  legal: false,
  apply: inRules(() => ({ size: () => undefined })),
};
