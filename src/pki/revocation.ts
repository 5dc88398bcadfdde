/**
 * Revocation of one certificate, in three states (REQ-AS-31). What to do about `unknown` is the caller's policy; here
 * nothing unreachable, stale or unproven is ever called good.
 *
 * Lists are asked, and OCSP where the caller can ask it: when lists do not tell, or before them.
 *
 * @module
 */
import type { Certificate } from './certificate.ts';
import { type Crl, type CrlReason, parseCrl, type RevokedEntry } from './crl.ts';
import { ALL_REASONS, type IssuerFacts, issuerFacts, listProblem } from './crl-acceptance.ts';
import { PkiError } from './error.ts';
import type { DistributionPoint } from './extensions.ts';
import { checkOcsp, type OcspOptions } from './ocsp-check.ts';
import type { Anchor } from './path/anchor.ts';
import { type CachedList, createRevocationCache, type RevocationCache } from './revocation-cache.ts';

export { createRevocationCache, type RevocationCache };

export type UnknownCode =
  /** The certificate names no source that we can ask. */
  | 'none-named'
  | 'unreachable'
  | 'unreadable'
  /** Past its nextUpdate, or without one and older than a day. */
  | 'stale'
  | 'not-yet'
  | 'wrong-issuer'
  | 'signature'
  /** The list does not speak of this certificate, or not of all reasons. */
  | 'scope'
  /** A critical extension or a form that we do not process; a delta list alone. */
  | 'unsupported';

export type RevState =
  | {
      readonly state: 'good';
      readonly by: 'crl' | 'ocsp';
      /** URL. */
      readonly source: string;
      /** ms since 1970 UTC; until when the source vouches. */
      readonly nextUpdate?: number;
    }
  | {
      readonly state: 'revoked';
      readonly by: 'crl' | 'ocsp';
      readonly source: string;
      /** ms since 1970 UTC. */
      readonly at: number;
      readonly reason: CrlReason;
    }
  | {
      readonly state: 'unknown';
      /** Empty when the certificate names none. */
      readonly url: string;
      readonly why: string;
      readonly code: UnknownCode;
      /** What the last genuine list said, though it is stale; for a policy that accepts it for some time. */
      readonly last?: { readonly state: 'good' | 'revoked'; readonly nextUpdate: number };
    };

export type FetchList = (
  url: string,
) => Promise<{ readonly ok: true; readonly body: Uint8Array } | { readonly ok: false; readonly why: string }>;

export interface RevocationOptions {
  /** Certificates that may have signed the list in the issuer's place. */
  readonly signers?: readonly Certificate[];
  /** Certificates that lead to the same anchor as the issuer: they may sign indirect lists (RFC 5280 §6.3.3 f). */
  readonly proven?: readonly Certificate[];
  /** Default five minutes. */
  readonly skewMs?: number;
  /** How to ask the responders that the certificate names; without it only lists are asked. */
  readonly ocsp?: OcspOptions;
}

type Unknown = Extract<RevState, { state: 'unknown' }>;

/**
 * Whether the issuer has revoked the certificate, by its lists and, with `options.ocsp`, by its responders. What both
 * leave unknown is told as the lists tell it, unless the certificate names none.
 *
 * @param issuer the certificate that signed it on the path, or the anchor
 * @param at ms since 1970 UTC
 */
export async function checkRevocation(
  certificate: Certificate,
  issuer: Certificate | Anchor,
  fetch: FetchList,
  at: number,
  cache: RevocationCache,
  options: RevocationOptions = {},
): Promise<RevState> {
  const { ocsp } = options;
  const lists = () => checkLists(certificate, issuer, fetch, at, cache, options);
  if (!ocsp || certificate.ocspUrls.length === 0) return lists();
  const online = () => checkOcsp(certificate, issuerFacts(issuer), at, options.skewMs ?? 300_000, ocsp);
  const first = await (ocsp.first ? online() : lists());
  if (first.state !== 'unknown') return first;
  const second = await (ocsp.first ? lists() : online());
  if (second.state !== 'unknown') return second;
  const [byList, byAnswer] = ocsp.first ? [second, first] : [first, second];
  return byList.code === 'none-named' ? byAnswer : byList;
}

/**
 * Asks each distribution point in turn, at each of its URLs, until every reason is covered (RFC 5280 §6.3.3). A genuine
 * list that names the certificate decides, also when it is stale.
 */
async function checkLists(
  certificate: Certificate,
  issuer: Certificate | Anchor,
  fetch: FetchList,
  at: number,
  cache: RevocationCache,
  options: RevocationOptions,
): Promise<RevState> {
  const question: Question = {
    certificate,
    issuer: issuerFacts(issuer),
    at,
    skewMs: options.skewMs ?? 300_000,
    signers: options.signers ?? [],
    proven: options.proven ?? [],
    fetch,
    cache,
  };
  let covered = 0;
  let firstUnknown: Unknown | undefined;
  let good: Extract<RevState, { state: 'good' }> | undefined;
  for (const point of certificate.distributionPoints) {
    const answer = await askPoint(point, question);
    if (answer.state.state === 'revoked') return answer.state;
    if (answer.state.state === 'unknown') {
      firstUnknown ??= answer.state;
      continue;
    }
    covered |= answer.reasons;
    good = earlier(good, answer.state);
    if ((covered & ALL_REASONS) === ALL_REASONS) return good;
  }
  if (firstUnknown) return firstUnknown;
  if (good) return unknown(good.source, 'scope', 'the lists do not speak of every reason');
  return unknown('', 'none-named', 'the certificate names no revocation list');
}

interface Question {
  readonly certificate: Certificate;
  readonly issuer: IssuerFacts;
  readonly at: number;
  readonly skewMs: number;
  readonly signers: readonly Certificate[];
  readonly proven: readonly Certificate[];
  readonly fetch: FetchList;
  readonly cache: RevocationCache;
}

interface Answer {
  readonly state: RevState;
  /** Bits of the reasons that the answer speaks of. */
  readonly reasons: number;
}

const unknown = (url: string, code: UnknownCode, why: string, last?: Unknown['last']): Unknown => ({
  state: 'unknown',
  url,
  why,
  code,
  ...(last && { last }),
});

function earlier<T extends { readonly nextUpdate?: number }>(a: T | undefined, b: T): T {
  if (!a) return b;
  return (b.nextUpdate ?? Number.POSITIVE_INFINITY) < (a.nextUpdate ?? Number.POSITIVE_INFINITY) ? b : a;
}

/** The URLs of one point name the same list: the first that gives a usable one decides. */
async function askPoint(point: DistributionPoint, question: Question): Promise<Answer> {
  const urls = point.fullName.flatMap((name) => (name.type === 'uri' ? [name.value] : []));
  if (urls.length === 0) {
    const why = point.relative
      ? 'the distribution point is relative to its issuer'
      : 'the distribution point has no URL';
    return { state: unknown('', 'unsupported', why), reasons: 0 };
  }
  let firstUnknown: Answer | undefined;
  for (const url of urls) {
    const answer = await askUrl(url, point, question);
    if (answer.state.state !== 'unknown') return answer;
    firstUnknown ??= answer;
  }
  return firstUnknown!;
}

async function askUrl(url: string, point: DistributionPoint, question: Question): Promise<Answer> {
  const { cache, issuer, at } = question;
  const kept = cache.get(url, issuer.id);
  if (kept && at < kept.until && at >= kept.crl.thisUpdate - question.skewMs) {
    const answer = judge(url, kept.crl, point, question, true);
    // what was kept fails only by time or by what this certificate asks of it; a fresh one may do better on time
    if (answer.state.state !== 'unknown' || answer.state.code !== 'stale') return answer;
  }
  const fetched = await cache.once(url, () => question.fetch(url));
  if (!fetched.ok) return fallBack(url, kept, point, question, unknown(url, 'unreachable', fetched.why));
  let crl: Crl;
  try {
    crl = parseCrl(fetched.body);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return fallBack(url, kept, point, question, unknown(url, 'unreadable', error.message));
  }
  const answer = judge(url, crl, point, question, false);
  const { state } = answer;
  if (state.state === 'unknown' && state.code !== 'stale' && state.code !== 'scope')
    return fallBack(url, kept, point, question, state);
  // genuine: keep it, unless the one we have is newer (RFC 5280 §5.2.3: numbers only rise)
  if (!kept || kept.crl.thisUpdate <= crl.thisUpdate) cache.put(url, issuer.id, crl, at);
  return answer;
}

/** What could be had is no use; a list that we keep may still be in force, or be worth telling. */
function fallBack(
  url: string,
  kept: CachedList | undefined,
  point: DistributionPoint,
  question: Question,
  failure: Unknown,
): Answer {
  if (!kept) return { state: failure, reasons: 0 };
  const answer = judge(url, kept.crl, point, question, true);
  if (answer.state.state !== 'unknown') return answer;
  return { state: { ...failure, ...(answer.state.last && { last: answer.state.last }) }, reasons: 0 };
}

/** What the list says of the certificate, once it has proved to be the right one. */
function judge(
  url: string,
  crl: Crl,
  point: DistributionPoint,
  question: Question,
  genuine: boolean,
): Answer {
  const problem = listProblem(crl, point, question, genuine);
  if (problem && problem.code !== 'stale')
    return { state: unknown(url, problem.code, problem.why), reasons: 0 };
  let entry: RevokedEntry | undefined;
  try {
    entry = crl.find(question.certificate.serial, question.certificate.issuer.key);
  } catch (error) {
    // the list is genuine and names the certificate, in a way that cannot be read
    if (!(error instanceof PkiError)) throw error;
    return { state: unknown(url, 'unreadable', error.message), reasons: 0 };
  }
  const listed = entry?.reason !== 'removeFromCRL' ? entry : undefined;
  // a hold can end; what was revoked otherwise stays so, however old the list
  if (listed && (!problem || listed.reason !== 'certificateHold'))
    return {
      state: { state: 'revoked', by: 'crl', source: url, at: listed.at, reason: listed.reason },
      reasons: 0,
    };
  if (problem) {
    const last = {
      state: listed ? 'revoked' : 'good',
      nextUpdate: crl.nextUpdate ?? crl.thisUpdate,
    } as const;
    return { state: unknown(url, 'stale', problem.why, last), reasons: 0 };
  }
  return {
    state: {
      state: 'good',
      by: 'crl',
      source: url,
      ...(crl.nextUpdate !== undefined && { nextUpdate: crl.nextUpdate }),
    },
    reasons: (point.reasons ?? ALL_REASONS) & (crl.scope?.onlyReasons ?? ALL_REASONS),
  };
}
