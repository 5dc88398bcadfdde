import type { Decided } from '../../../agent/types.ts';
import type { Behaviour } from '../behaviour.ts';

/** Encrypts for ever to the certificate that it once found for an address. */
export const staleCert: Behaviour = {
  id: 'send.stale-cert',
  title: 'goes on encrypting to the certificate that it first found for an address',
  legal: false,
  apply: (parts) => {
    const kept = new Map<string, Decided>();
    const asBefore = (decided: Decided): Decided => {
      const known = kept.get(decided.address);
      if (known) return known;
      if (decided.decision.verdict === 'trusted') kept.set(decided.address, decided);
      return decided;
    };
    return { ...parts, plan: (decided) => parts.plan(decided.map(asBefore)) };
  },
};
