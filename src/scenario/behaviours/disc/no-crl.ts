import { without } from '../../../trust/named.ts';
import { type Behaviour, inCandidate } from '../behaviour.ts';

/** Does not look at revocation. */
export const noCrl: Behaviour = {
  id: 'disc.no-crl',
  title: 'does not look at revocation',
  legal: false,
  apply: inCandidate((checks) => without(checks, 'revocation')),
};
