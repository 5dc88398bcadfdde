import { without } from '../../../trust/named.ts';
import { type Behaviour, inCandidate } from '../behaviour.ts';

/** Does not look at key usage. */
export const ignoreKu: Behaviour = {
  id: 'disc.ignore-ku',
  title: 'does not look at key usage',
  legal: false,
  apply: inCandidate((checks) => without(checks, 'usage')),
};
