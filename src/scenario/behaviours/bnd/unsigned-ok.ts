import type { Behaviour } from '../behaviour.ts';
import { inConsumer } from './in-bundles.ts';

/** Does not ask who signed a bundle, or whether anybody did. */
export const unsignedOk: Behaviour = {
  id: 'bnd.unsigned-ok',
  title: 'does not ask who signed a bundle, or whether anybody did',
  legal: false,
  apply: inConsumer(({ read }) => ({ read: (bytes, one, at) => read(bytes, { ...one, pins: [] }, at) })),
};
