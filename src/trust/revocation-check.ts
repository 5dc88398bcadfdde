/**
 * Revocation of the leaf and of every CA below the anchor, in three states (REQ-AS-31).
 *
 * @module
 */
import { type Cause, cause } from '../outcome/cause.ts';
import type { Finding } from '../outcome/check.ts';
import type { Certificate } from '../pki/certificate.ts';
import { formatName } from '../pki/name.ts';
import { ocspGetUrl } from '../pki/ocsp.ts';
import { checkRevocation, type RevState } from '../pki/revocation.ts';
import type { CheckContext, CheckOutcome, NamedCheck, TrustPath } from './check.ts';
import type { CheckState, PathSummary } from './decision.ts';
import { iso } from './local-checks.ts';
import { summarizePath } from './summary.ts';

const DAY = 86_400_000;

export interface RevocationRules {
  /** Which certificates of a path are asked about. */
  readonly of: (path: TrustPath) => readonly Certificate[];
  /** What a state means under the policy. */
  readonly judge: (state: RevState, context: CheckContext) => CheckState;
}

export const referenceRevocation: RevocationRules = { of: (path) => path.certificates, judge: judgeState };

/**
 * `require`: unknown is not good; it may become so, unless the certificate names no source at all. `soft`: unknown
 * passes, also by a list that is over for less than a day; what the last list revoked does not.
 */
function judgeState(state: RevState, { revocation, at }: CheckContext): CheckState {
  if (state.state === 'good') return 'pass';
  if (state.state === 'revoked') return 'fail';
  if (revocation === 'require') return LASTING.has(state.code) ? 'fail' : 'unknown';
  if (state.last?.state === 'revoked') return 'fail';
  return state.last && at > state.last.nextUpdate + DAY ? 'unknown' : 'pass';
}

/** Waiting does not help here. */
const LASTING: ReadonlySet<string> = new Set(['none-named', 'unsupported']);

interface Judged {
  readonly path: TrustPath;
  readonly states: readonly RevState[];
  readonly state: CheckState;
  readonly cause?: Cause;
}

/** Asks about each good path; the certificate passes by those that are good all the way. */
export const revocationCheck = (rules: RevocationRules): NamedCheck => ({
  name: 'revocation',
  reach: 'remote',
  async check(context): Promise<CheckOutcome> {
    const judged = await Promise.all(context.paths.map((path) => judgePath(path, context, rules)));
    const tried = judged.map(
      ({ path, states, state, cause: reason }): PathSummary => ({
        ...summarizePath(path, state, reason),
        revocation: states,
      }),
    );
    const good = judged.filter(({ state }) => state === 'pass');
    // Without a path there is no issuer to ask about: whether that is allowed, `path` has said.
    if (good.length > 0 || judged.length === 0) {
      return {
        state: 'pass',
        tried: tried.length > 0 ? tried : undefined,
        paths: good.map(({ path }) => path),
        notes: good.flatMap(({ states }) => states.flatMap(softNote)),
      };
    }
    const worst = judged.find(({ state }) => state === 'unknown') ?? judged[0]!;
    return { state: worst.state, cause: worst.cause, tried };
  },
});

/** Told when an unknown state was let pass. */
function softNote(state: RevState): Finding[] {
  if (state.state !== 'unknown') return [];
  const { url, why } = state;
  return [
    { ...cause('cert.revocation-unknown', { url, why }), level: 'warn', cites: ['REQ-AS-31'], evidence: [] },
  ];
}

async function judgePath(path: TrustPath, context: CheckContext, rules: RevocationRules): Promise<Judged> {
  const { fetcher, cache } = context.sources;
  const states: RevState[] = [];
  let worst: { state: CheckState; cause?: Cause } = { state: 'pass' };
  for (const certificate of rules.of(path)) {
    const issuer = path.certificates[path.certificates.indexOf(certificate) + 1] ?? path.anchor;
    const state = await checkRevocation(
      certificate,
      issuer,
      (url) => fetcher.get(url),
      context.at,
      cache.revocation,
      {
        signers: context.pool,
        proven: above(path, certificate),
        ocsp: { ask: (url, request) => fetcher.get(ocspGetUrl(url, request)) },
      },
    );
    states.push(state);
    const verdict = rules.judge(state, context);
    const reason = verdict === 'pass' ? undefined : reasonOf(state, certificate, path);
    if (verdict === 'fail') return { path, states, state: 'fail', ...(reason && { cause: reason }) };
    if (verdict === 'unknown' && worst.state === 'pass')
      worst = { state: 'unknown', ...(reason && { cause: reason }) };
  }
  return { path, states, ...worst };
}

/** The authorities above the issuer of a certificate, which may publish lists in its place. */
function above({ certificates, anchor }: TrustPath, certificate: Certificate): Certificate[] {
  const higher = certificates.slice(certificates.indexOf(certificate) + 2);
  return anchor.certificate ? [...higher, anchor.certificate] : higher;
}

/** A CA that was revoked breaks the chain; the owner of the leaf cannot mend that. */
function reasonOf(state: RevState, certificate: Certificate, path: TrustPath): Cause {
  if (state.state === 'good') throw new TypeError('good is no reason');
  if (state.state === 'unknown') {
    const why = state.last?.state === 'revoked' ? `${state.why}; the last list has it revoked` : state.why;
    return cause('cert.revocation-unknown', { url: state.url, why });
  }
  const at = iso(state.at);
  if (certificate === path.certificates[0]) return cause('cert.revoked', { at, reason: state.reason });
  const which = `this CA was revoked on ${at.slice(0, 10)} (${state.reason})`;
  return cause('trust.constraint', { which, subject: formatName(certificate.subject) });
}
