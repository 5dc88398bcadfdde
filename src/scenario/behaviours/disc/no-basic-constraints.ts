import { without } from '../../../trust/named.ts';
import { asking, type Behaviour, inCandidate } from '../behaviour.ts';

/** Does not look at basicConstraints. */
export const noBasicConstraints: Behaviour = {
  id: 'disc.no-basic-constraints',
  title: 'does not look at basicConstraints',
  legal: false,
  apply: inCandidate((checks) =>
    asking(without(checks, 'ca'), 'path', (check) => async (context) => {
      const outcome = await check(context);
      return outcome.cause?.code === 'trust.constraint' ? { ...outcome, state: 'pass' } : outcome;
    }),
  ),
};
