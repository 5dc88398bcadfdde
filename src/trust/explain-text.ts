/**
 * A trust decision as lines for a reader.
 *
 * @module
 */
import { sentence } from '../outcome/cause.ts';
import { findingText } from '../outcome/check.ts';
import type { RevState } from '../pki/revocation.ts';
import type { CandidateDecision, CertificateSummary, PathSummary, TrustDecision } from './decision.ts';

const VERDICT = { trusted: 'yes', refused: 'no', undetermined: 'cannot tell yet' } as const;

/** Question, verdict, first cause and cure, then every certificate with its fate and its paths. */
export function explainDecision(decision: TrustDecision): string[] {
  return [
    `${decisionQuestion(decision)} ${VERDICT[decision.verdict]}.`,
    ...(decision.firstCause ? [`Why: ${sentence(decision.firstCause)}.`] : []),
    ...(decision.cure ? [`What would help: ${decision.cure.text}.`] : []),
    anchorsText(decision),
    ...decision.candidates.flatMap(explainFate),
    ...decision.notes.map((note) => `note: ${findingText(note)}`),
  ];
}

/** `May alice@a.example encrypt to bob@b.example?` */
export const decisionQuestion = ({ direction, from, to }: TrustDecision): string =>
  direction === 'out' ? `May ${from} encrypt to ${to}?` : `Does ${to} trust what ${from} signed?`;

function anchorsText({ anchors, profile, revocation }: TrustDecision): string {
  const from = anchors.sources.length > 0 ? ` from ${anchors.sources.join(', ')}` : '';
  const count = `${anchors.count} ${anchors.direction} anchor${anchors.count === 1 ? '' : 's'}`;
  const unknown = revocation === 'require' ? 'must be known' : 'may be unknown';
  return `Decided by ${count} of ${anchors.domain}${from}; profile ${profile}, revocation ${unknown}.`;
}

/** One certificate: whose it is, what became of it, and along which chains. */
export function explainFate(candidate: CandidateDecision): string[] {
  const { certificate, fate, anchorFrom, paths, notes, where, cert } = candidate;
  const whose = certificate ? nameOf(certificate) : 'a certificate that cannot be read';
  const verdict =
    fate === 'usable' ? `usable${anchorFrom ? `, trusted by way of ${anchorFrom}` : ''}` : sentence(fate);
  return [
    `${cert.slice(0, 16) || 'no certificate'} (${whose}, ${where}): ${verdict}`,
    ...paths.flatMap((path) => explainPath(path).map((line) => `  ${line}`)),
    ...notes.map((note) => `  note: ${findingText(note)}`),
  ];
}

const nameOf = ({ names, subject }: CertificateSummary): string => names.join(', ') || subject;

/** `bob@b.example ← CN=Intermediate ← CN=Root (community): good`, then revocation of each. */
export function explainPath({
  certificates,
  anchor,
  state,
  cause: reason,
  revocation,
}: PathSummary): string[] {
  const chain = certificates.map((certificate, index) =>
    index === 0 ? nameOf(certificate) : certificate.subject,
  );
  const end = anchor ? [`${anchor.name} (${anchor.source})`] : [];
  const came = { pass: 'good', fail: 'not good', unknown: 'open' }[state];
  return [
    `${[...chain, ...end].join(' ← ')}: ${came}${reason ? `, ${sentence(reason)}` : ''}`,
    ...(revocation ?? []).map((one, index) => `  ${chain[index] ?? 'certificate'}: ${revocationText(one)}`),
  ];
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function revocationText(state: RevState): string {
  switch (state.state) {
    case 'good':
      return `not revoked (${state.source})`;
    case 'revoked':
      return `revoked on ${day(state.at)}, ${state.reason} (${state.source})`;
    case 'unknown':
      return `revocation unknown, ${state.why}${state.url ? ` (${state.url})` : ''}`;
  }
}
