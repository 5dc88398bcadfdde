import { without } from '../../../trust/named.ts';
import { type Behaviour, inCandidate } from '../behaviour.ts';

/** Does not compare the name in the certificate with the address. */
export const noBinding: Behaviour = {
  id: 'disc.no-binding',
  title: 'does not compare the name in the certificate with the address',
  legal: false,
  apply: inCandidate((checks) => without(checks, 'binding')),
};
