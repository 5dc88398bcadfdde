import { without } from '../../../trust/named.ts';
import { type Behaviour, inSigner } from '../behaviour.ts';

/** Does not look for a path from the signer to an anchor. */
export const noTrust: Behaviour = {
  id: 'recv.no-trust',
  title: 'does not look for a path from the signer to an anchor',
  legal: false,
  apply: inSigner((checks) => without(without(checks, 'path'), 'revocation')),
};
