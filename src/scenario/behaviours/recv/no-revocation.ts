import { without } from '../../../trust/named.ts';
import { type Behaviour, inSigner } from '../behaviour.ts';

/** Does not look at the revocation of the signer. */
export const noRevocation: Behaviour = {
  id: 'recv.no-revocation',
  title: 'does not look at the revocation of the signer',
  legal: false,
  apply: inSigner((checks) => without(checks, 'revocation')),
};
