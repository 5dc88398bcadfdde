/**
 * The trust decision: for one pair of addresses and one direction, which certificates may be used, and why not the
 * others (hisp-behaviour §4).
 *
 * @module
 */
import { type Cause, cause } from '../outcome/cause.ts';
import type { Finding } from '../outcome/check.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { Anchor } from '../pki/path/anchor.ts';
import { type AnchorDirection, anchorSourceNames } from './anchors.ts';
import type { CheckContext, CheckOutcome, NamedCheck } from './check.ts';
import { cureOf } from './cure.ts';
import type {
  CandidateDecision,
  CheckSummary,
  PathSummary,
  Profile,
  RevocationPolicy,
  TrustDecision,
  Verdict,
} from './decision.ts';
import { judgedBefore, keepJudged } from './judged.ts';
import { iso } from './local-checks.ts';
import { nearestFirst } from './rank.ts';
import type { SignatureFacts } from './signature-checks.ts';
import type { TrustSources } from './sources.ts';
import { summarize } from './summary.ts';

/** A certificate to decide on. */
export interface Subject {
  readonly sha256: string;
  readonly where: string;
  readonly certificate?: Certificate;
  readonly unreadable?: string;
  readonly notes: readonly Finding[];
  /** Of a signer of a message. */
  readonly signature?: SignatureFacts;
}

export interface DecideInput {
  readonly from: string;
  readonly to: string;
  readonly direction: 'out' | 'in';
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly profile: Profile;
  readonly revocation: RevocationPolicy;
  /** Whose anchors these are, and for which direction of mail. */
  readonly anchors: {
    readonly domain: string;
    readonly direction: AnchorDirection;
    readonly list: readonly Anchor[];
  };
  readonly subjects: readonly Subject[];
  /** What was met on the way to them. */
  readonly notes?: readonly Finding[];
  /** Why there are no subjects, when there are none; `temporary` when there may be some later. */
  readonly missing?: { readonly cause: Cause; readonly temporary: boolean };
  /** Reasons that come after those of the certificates. */
  readonly also?: readonly Cause[];
  /** Certificates that came along and may be issuers. */
  readonly pool: readonly Certificate[];
  readonly sources: TrustSources;
  readonly checks: readonly NamedCheck[];
  readonly select: (judged: readonly CandidateDecision[]) => readonly CandidateDecision[];
  readonly report: (findings: readonly Finding[]) => readonly Finding[];
}

/** All that remain are used (wire-facts §3.7). */
export const selectUsable = (judged: readonly CandidateDecision[]): readonly CandidateDecision[] =>
  judged.filter((candidate) => candidate.state === 'usable');

/** Decides. Fetches only through `sources`; whatever cannot be fetched makes `undetermined`, never a yes. */
export async function decide(input: DecideInput): Promise<TrustDecision> {
  const out = input.direction === 'out';
  const address = out ? input.to : input.from;
  const publisher = address.slice(address.lastIndexOf('@') + 1);
  const use = out ? 'encrypt' : 'sign';
  const context: Omit<CheckContext, 'certificate' | 'unreadable' | 'signature'> = {
    wanted: { address, domain: publisher },
    use,
    at: input.at,
    profile: input.profile,
    revocation: input.revocation,
    domain: input.anchors.domain,
    direction: input.anchors.direction,
    anchors: input.anchors.list,
    pool: input.pool,
    sources: input.sources,
    paths: [],
  };
  const candidates = await Promise.all(input.subjects.map((subject) => judge(subject, context, input)));
  const usable = input.select(candidates).map(({ cert }) => cert);
  const verdict = verdictOf(usable, candidates, input.missing);
  const causes = verdict === 'trusted' ? [] : causesOf(verdict, candidates, input);
  const [firstCause] = causes;
  const cure = firstCause && cureOf(firstCause, { address, publisher, truster: input.anchors.domain, use });
  return {
    from: input.from,
    to: input.to,
    direction: input.direction,
    at: iso(input.at),
    profile: input.profile,
    revocation: input.revocation,
    anchors: {
      domain: input.anchors.domain,
      direction: input.anchors.direction,
      count: input.anchors.list.length,
      sources: anchorSourceNames(input.anchors.list),
    },
    verdict,
    usable,
    candidates,
    notes: input.report(input.notes ?? []),
    causes,
    ...(firstCause && { firstCause }),
    ...(cure && { cure }),
  };
}

function verdictOf(
  usable: readonly string[],
  candidates: readonly CandidateDecision[],
  missing: DecideInput['missing'],
): Verdict {
  if (usable.length > 0) return 'trusted';
  if (candidates.some(({ state }) => state === 'undetermined')) return 'undetermined';
  return candidates.length === 0 && missing?.temporary ? 'undetermined' : 'refused';
}

function causesOf(verdict: Verdict, candidates: readonly CandidateDecision[], input: DecideInput): Cause[] {
  const of = (state: CandidateDecision['state']): Cause[] =>
    nearestFirst(
      candidates.flatMap(({ state: own, fate }) => (own === state && fate !== 'usable' ? [fate] : [])),
    );
  const own = [...(verdict === 'undetermined' ? of('undetermined') : []), ...of('refused')];
  const first = own.length > 0 || !input.missing ? own : [input.missing.cause];
  // Only a selection that leaves usable certificates aside ends here without a reason of its own.
  const some =
    first.length > 0
      ? first
      : [cause('cert.policy', { name: 'selection', term: 'no certificate was selected' })];
  return [...some, ...(input.also ?? [])];
}

async function judge(
  subject: Subject,
  shared: Omit<CheckContext, 'certificate' | 'unreadable' | 'signature'>,
  input: DecideInput,
): Promise<CandidateDecision> {
  const { certificate, unreadable } = subject;
  const asked = { checks: input.checks, report: input.report, subject, context: shared };
  const before = judgedBefore(asked);
  if (before) return before;
  let context: CheckContext = {
    ...shared,
    ...(certificate && { certificate }),
    ...(unreadable !== undefined && { unreadable }),
    ...(subject.signature && { signature: subject.signature }),
  };
  const checks: CheckSummary[] = [];
  const notes: Finding[] = [...subject.notes];
  let tried: readonly PathSummary[] = [];
  let fate: { state: 'fail' | 'unknown'; cause: Cause } | undefined;
  for (const check of input.checks) {
    if (fate && check.reach === 'remote') continue;
    const outcome: CheckOutcome = await check.check(context);
    checks.push({ name: check.name, state: outcome.state, ...(outcome.cause && { cause: outcome.cause }) });
    notes.push(...(outcome.notes ?? []));
    if (outcome.tried) tried = [...outcome.tried, ...tried.filter(({ state }) => state === 'fail')];
    if (outcome.paths) context = { ...context, paths: outcome.paths };
    if (!fate && outcome.state !== 'pass' && outcome.cause)
      fate = { state: outcome.state, cause: outcome.cause };
    if (!certificate) break;
  }
  // Whatever the checks are, octets that are no certificate cannot be used.
  if (!certificate && !fate) {
    fate = { state: 'fail', cause: cause('cert.unparsable', { why: unreadable ?? 'no certificate' }) };
  }
  const anchor = fate ? undefined : context.paths[0]?.anchor;
  const decision: CandidateDecision = {
    cert: subject.sha256,
    ...(certificate && { certificate: summarize(certificate) }),
    where: subject.where,
    state: fate === undefined ? 'usable' : fate.state === 'fail' ? 'refused' : 'undetermined',
    fate: fate?.cause ?? 'usable',
    checks,
    paths: tried,
    ...(anchor && { anchorFrom: anchor.source }),
    notes: input.report(notes),
  };
  keepJudged(asked, decision, context.paths);
  return decision;
}
