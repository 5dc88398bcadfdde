/**
 * One trust decision in words: who decided, by which anchors and which policy, about which certificates.
 *
 * @module
 */
import { findingText } from '../../outcome/check.ts';
import { formatName } from '../../pki/name.ts';
import type { Anchor } from '../../pki/path/anchor.ts';
import type { CandidateDecision, TrustDecision } from '../decision.ts';
import { decisionQuestion } from '../explain-text.ts';
import type { WayFacts } from './facts.ts';
import { chainGraph } from './graph.ts';
import { shortName, supplier } from './names.ts';
import { asked, checkNotes, revocationNote } from './notes.ts';
import { reasonText, type Use } from './reason.ts';
import type { ExplainedCandidate, ExplainedDecision } from './schema.ts';

const ANSWER = { trusted: 'yes', refused: 'no', undetermined: 'cannot tell yet' } as const;
const MARK = { trusted: 'pass', refused: 'fail', undetermined: 'unknown' } as const;
const STATE_MARK = { usable: 'pass', refused: 'fail', undetermined: 'unknown' } as const;

/** @param anchors those that decided, for what the decision itself does not keep of them */
export function explainedDecision(
  decision: TrustDecision,
  anchors: readonly Anchor[],
  way: Pick<WayFacts, 'id'>,
): ExplainedDecision {
  const use: Use = decision.direction === 'out' ? 'encrypt' : 'sign';
  const { profile, revocation, verdict } = decision;
  const either = use === 'sign' && way.id === 'back';
  return {
    question: decisionQuestion(decision),
    answer: ANSWER[verdict],
    mark: MARK[verdict],
    truster: decision.anchors.domain,
    direction: either ? 'incoming or outgoing' : decision.anchors.direction,
    policy: {
      profile,
      revocation,
      text: `profile ${profile}; revocation ${revocation === 'require' ? 'has to be known' : 'may be unknown, and is then noted'}`,
    },
    anchors: anchors.map((anchor) => ({
      name: formatName(anchor.name),
      suppliedBy: supplier(anchor.source),
      until: anchor.certificate ? new Date(anchor.certificate.notAfter).toISOString() : '',
    })),
    candidates: decision.candidates.map((candidate) => explainedCandidate(candidate, use)),
    reasons: decision.causes.map((reason) => reasonText(reason, use)),
    graph: chainGraph(decision, anchors),
  };
}

function explainedCandidate(candidate: CandidateDecision, use: Use): ExplainedCandidate {
  const { certificate, fate, anchorFrom, where } = candidate;
  const told = fate === 'usable' ? undefined : reasonText(fate, use);
  const path = candidate.paths.find(({ state }) => state === 'pass') ?? candidate.paths[0];
  return {
    cert: candidate.cert,
    title: certificate ? certificate.names.join(', ') || certificate.subject : 'not a certificate',
    where: where === 'message' ? 'in the signature' : where,
    mark: STATE_MARK[candidate.state],
    fate: told?.text ?? `usable${anchorFrom ? `, by an anchor from ${supplier(anchorFrom)}` : ''}`,
    ...(told && { code: told.code }),
    checks: checkNotes(asked(candidate.checks), use),
    revocation: (path?.revocation ?? []).map((state, index) =>
      revocationNote(state, shortName(path!.certificates[index]?.subject ?? 'certificate')),
    ),
    notes: candidate.notes.map(findingText),
  };
}
