import { writeCertsOnly } from '../../../pki/aia.ts';
import type { Behaviour } from '../behaviour.ts';
import { acceptEmpty } from './accept-empty.ts';
import { inConsumer } from './in-bundles.ts';

const nobody = inConsumer(({ answer }) => ({
  answer: (result, one) => (result.ok ? answer(result, one) : { kind: 'body', bytes: writeCertsOnly([]) }),
}));

/** Trusts nobody while the place of a bundle cannot be reached. */
export const dropsUnreachable: Behaviour = {
  id: 'bnd.drops-unreachable',
  title: 'trusts nobody of a bundle while its place cannot be reached',
  legal: false,
  apply: (parts, random) => acceptEmpty.apply(nobody(parts), random),
};
