import { without } from '../../../trust/named.ts';
import { type Behaviour, inSigner } from '../behaviour.ts';

/** Does not compare the signer’s name with the sender. */
export const noBinding: Behaviour = {
  id: 'recv.no-binding',
  title: 'does not compare the signer’s name with the sender',
  legal: false,
  apply: inSigner((checks) => without(checks, 'binding')),
};
