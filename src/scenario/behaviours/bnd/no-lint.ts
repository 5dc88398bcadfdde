import type { Behaviour } from '../behaviour.ts';
import { inConsumer } from './in-bundles.ts';

/** Does not look at what stands in a bundle. */
export const noLint: Behaviour = {
  id: 'bnd.no-lint',
  title: 'does not look at what stands in a bundle',
  legal: false,
  apply: inConsumer(() => ({ lint: () => [], inactive: () => undefined })),
};
