/**
 * What an administrator can do about a recipient whose authority the sender's domain does not trust: the notice names
 * the bundle, or the neighbour's anchor, that would make it pass.
 *
 * @module
 */
import type { Unsent } from '../agent/types.ts';
import type { AnchorPlace } from '../trust/explain/facts.ts';
import { insightOf } from '../trust/explain/reason.ts';
import { listed } from './members.ts';
import { domainOf, type World } from './world.ts';

/** The advice; undefined when there is none to give. */
export function cureFor(world: World, { decision, discovery, address }: Unsent): string | undefined {
  if (!decision?.cure) return undefined;
  const { firstCause } = decision;
  if (firstCause?.code !== 'trust.no-path' && firstCause?.code !== 'trust.no-anchors')
    return decision.cure.text;
  const truster = decision.anchors.domain;
  const { anchors } = world.agentContext;
  const outgoing = new Set(anchors(truster, 'outgoing'));
  const insight = insightOf(firstCause, decision, {
    publisher: domainOf(address),
    otherDirection: anchors(truster, 'incoming').filter((anchor) => !outgoing.has(anchor)),
    elsewhere: world.config.elsewhere?.() ?? neighbours(world),
    certificates: discovery?.candidates.flatMap(({ certificate }) => certificate ?? []) ?? [],
  });
  return insight.cure?.text ?? decision.cure.text;
}

/** The anchors that any domain of this HISP trusts. */
function neighbours(world: World): AnchorPlace[] {
  const { anchors } = world.agentContext;
  const known = new Map<string, AnchorPlace>();
  for (const { name } of listed(world.config.domains)) {
    for (const anchor of anchors(name, 'outgoing')) {
      known.set(`${anchor.source} ${anchor.certificate?.sha256}`, { anchor, source: anchor.source });
    }
  }
  return [...known.values()];
}
