import { without } from '../../../trust/named.ts';
import { asking, type Behaviour, inCandidate } from '../behaviour.ts';

/** Takes keys and signatures of any strength. */
export const weakOk: Behaviour = {
  id: 'disc.weak-ok',
  title: 'takes keys and signatures of any strength',
  legal: false,
  apply: inCandidate((checks) =>
    asking(
      without(checks, 'strength'),
      'path',
      (check) => (context) => check({ ...context, profile: 'permissive' }),
    ),
  ),
};
