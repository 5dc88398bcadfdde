import { without } from '../../../trust/named.ts';
import { type Behaviour, inCandidate } from '../behaviour.ts';

/** Does not look for a path to an anchor. */
export const noPath: Behaviour = {
  id: 'disc.no-path',
  title: 'does not look for a path to an anchor',
  legal: false,
  apply: inCandidate((checks) => without(without(checks, 'path'), 'revocation')),
};
