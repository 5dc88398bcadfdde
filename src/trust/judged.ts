/**
 * What was decided of a certificate a moment ago, for the next message between the same two: the same certificate,
 * asked for by the same domain with the same anchors, rules and company, and found usable, is usable still, as long as
 * nothing that was looked at ran out. Refusals are never kept.
 *
 * @module
 */
import type { Certificate } from '../pki/certificate.ts';
import type { CheckContext, TrustPath } from './check.ts';
import type { DecideInput, Subject } from './decide.ts';
import type { CandidateDecision } from './decision.ts';

/** Everything but the certificate that a decision follows from. */
type Asked = Pick<DecideInput, 'checks' | 'report'> & {
  readonly subject: Subject;
  readonly context: Pick<
    CheckContext,
    | 'wanted'
    | 'use'
    | 'at'
    | 'profile'
    | 'revocation'
    | 'domain'
    | 'direction'
    | 'anchors'
    | 'pool'
    | 'sources'
  >;
};

interface Kept {
  readonly decision: CandidateDecision;
  readonly asked: Asked;
  /** ms since 1970, both. */
  readonly from: number;
  readonly until: number;
}

/** One for each HISP. */
export type JudgedCache = Map<string, Kept>;

/** Longest that a decision is good for: what others change without our hearing of it counts after that at the latest. */
const LONGEST_MS = 60_000;
const MOST_KEPT = 5_000;

/** The decision of a moment ago, if it still holds. */
export function judgedBefore(asked: Asked): CandidateDecision | undefined {
  const { judged } = asked.context.sources.cache;
  const { at } = asked.context;
  const key = judged && keyOf(asked);
  const kept = key === undefined ? undefined : judged?.get(key);
  if (!kept || !judged || key === undefined) return undefined;
  if (at < kept.from || at >= kept.until) {
    judged.delete(key);
    return undefined;
  }
  return isSame(kept.asked, asked) ? kept.decision : undefined;
}

/** Keeps a decision. `paths`: the good ones. */
export function keepJudged(asked: Asked, decision: CandidateDecision, paths: readonly TrustPath[]): void {
  const { judged } = asked.context.sources.cache;
  if (!judged || decision.state !== 'usable') return;
  const { at } = asked.context;
  const until = Math.min(at + LONGEST_MS, ...paths.flatMap(endsOf), ...revocationEnds(decision));
  if (until <= at) return;
  const key = keyOf(asked);
  if (key === undefined) return;
  judged.delete(key);
  if (judged.size >= MOST_KEPT) judged.delete(judged.keys().next().value!);
  judged.set(key, { decision, asked, from: at, until });
}

const endsOf = ({ certificates, anchor }: TrustPath): number[] => [
  ...certificates.map(({ notAfter }) => notAfter),
  ...(anchor.certificate ? [anchor.certificate.notAfter] : []),
];

/** A state that is not good, and was let pass, is asked for again each time. */
const revocationEnds = ({ paths }: CandidateDecision): number[] =>
  paths.flatMap(({ revocation = [] }) =>
    revocation.map((state) =>
      state.state === 'good' ? (state.nextUpdate ?? Number.POSITIVE_INFINITY) : Number.NEGATIVE_INFINITY,
    ),
  );

/** Undefined for what is not kept. */
function keyOf({ subject, context }: Asked): string | undefined {
  const { certificate, notes, where } = subject;
  if (!certificate || notes.length > 0 || subject.signature?.broken) return undefined;
  const { wanted, use, profile, revocation, domain, direction } = context;
  const digests = subject.signature?.digests.join('+') ?? '';
  return [
    certificate.sha256,
    where,
    wanted.address,
    use,
    profile,
    revocation,
    domain,
    direction,
    digests,
  ].join(' ');
}

const isSame = (a: Asked, b: Asked): boolean =>
  a.checks === b.checks &&
  a.report === b.report &&
  a.context.sources.issuers === b.context.sources.issuers &&
  sameItems(a.context.anchors, b.context.anchors) &&
  sameItems<Certificate>(a.context.pool, b.context.pool);

/** Anchors and certificates that were read from the same octets are the same objects. */
const sameItems = <T>(a: readonly T[], b: readonly T[]): boolean =>
  a === b || (a.length === b.length && a.every((item, index) => item === b[index]));
