import type { SrvTarget } from '../../../discovery/parts.ts';
import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** RFC 2782: within a priority, the first whose running sum of weights reaches a number drawn from the total. */
function drawn(targets: readonly SrvTarget[], draw: (total: number) => number): SrvTarget[] {
  const left = targets.toSorted((a, b) => a.priority - b.priority || a.weight - b.weight);
  const out: SrvTarget[] = [];
  while (left.length > 0) {
    const peers = left.filter((target) => target.priority === left[0]!.priority);
    const number = draw(peers.reduce((sum, target) => sum + target.weight, 0));
    let sum = 0;
    const chosen = peers.find((target) => (sum += target.weight) >= number) ?? peers[0]!;
    out.push(...left.splice(left.indexOf(chosen), 1));
  }
  return out;
}

/** Draws among LDAP servers by weight, and draws the lightest. */
export const srvRandom: Behaviour = {
  id: 'disc.srv-random',
  title: 'draws among LDAP servers by weight, and draws the lightest',
  legal: true,
  apply: inDiscovery(() => ({ orderServers: (targets) => drawn(targets, () => 0) })),
};
