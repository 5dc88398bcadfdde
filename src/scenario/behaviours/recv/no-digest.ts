import { without } from '../../../trust/named.ts';
import { type Behaviour, inSigner } from '../behaviour.ts';

/** Does not hold the content against the signature. */
export const noDigest: Behaviour = {
  id: 'recv.no-digest',
  title: 'does not hold the content against the signature',
  legal: false,
  apply: inSigner((checks) => without(checks, 'signature')),
};
