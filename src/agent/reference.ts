/**
 * The agent done right.
 *
 * @module
 */
import { referenceDiscovery } from '../discovery/reference.ts';
import { selectUsable } from '../trust/decide.ts';
import { candidateChecks, referenceIssuers, signerChecks } from '../trust/reference.ts';
import { composeStages } from './compose.ts';
import { openStages } from './open.ts';
import type { AgentParts } from './parts.ts';

export const referenceAgent: AgentParts = {
  discovery: referenceDiscovery,
  candidate: candidateChecks,
  select: selectUsable,
  // What was found at the first place that had something is all there is (REQ-DNS-04).
  afterRefusal: () => 'stop',
  // One message for all who can be served; the others are dropped and told of (REQ-AS-26).
  plan: (decided) => [decided.filter(({ decision }) => decision.verdict === 'trusted')],
  compose: composeStages,
  // Nothing ever leaves in another way (REQ-AS-39).
  unsent: () => [],
  open: openStages,
  signer: signerChecks,
  // The first acceptable signer wins; the others do not matter (REQ-AS-27).
  anySigner: (judged) => selectUsable(judged).slice(0, 1),
  notify: (occasion, { kind, requested }) => {
    if (kind !== 'message') return [];
    if (occasion === 'accepted') return ['processed'];
    if (occasion === 'undeliverable') return ['failed'];
    return requested ? ['dispatched'] : [];
  },
  issuers: referenceIssuers,
  anchors: (source, domain, direction) => source(domain, direction),
  report: (findings) => findings,
};
