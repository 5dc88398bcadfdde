import type { Behaviour } from '../behaviour.ts';

/** Gives up the whole message when one recipient fails. */
export const failAll: Behaviour = {
  id: 'disc.fail-all',
  title: 'gives up the whole message when one recipient fails',
  legal: false,
  apply: (parts) => ({
    ...parts,
    plan: (decided) => (decided.some((one) => one.decision.verdict !== 'trusted') ? [] : parts.plan(decided)),
  }),
};
