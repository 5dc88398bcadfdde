/**
 * The explainable trust verdict: who decided what about which certificates, for whom, and why. JSON throughout, so
 * that a decision can be kept as an event, printed, and judged again later.
 *
 * @module
 */
import type { Cause, Code } from '../outcome/cause.ts';
import type { Finding } from '../outcome/check.ts';
import type { RevState } from '../pki/revocation.ts';
import type { AnchorDirection } from './anchors.ts';

export type Profile = '1.2' | '1.3' | 'permissive';

/** `require`: a revocation state that nobody can tell is never good enough; `soft`: it is, with a finding. */
export type RevocationPolicy = 'require' | 'soft';

/** `undetermined`: a source did not answer, so ask again later; it is neither a yes nor a no. */
export type Verdict = 'trusted' | 'refused' | 'undetermined';

export type CheckState = 'pass' | 'fail' | 'unknown';

/** What would make it pass, in one sentence, and whose move it is. */
export interface Cure {
  readonly code: Code;
  /** `publisher` has the certificate, `truster` the anchors, `authority` issued it, `network` carries the questions. */
  readonly who: 'publisher' | 'truster' | 'authority' | 'network';
  /** The domain whose move it is, where it is one. */
  readonly domain: string;
  readonly text: string;
}

/** A certificate as the reader of a decision wants to see it. */
export interface CertificateSummary {
  readonly sha256: string;
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly names: readonly string[];
}

/** One chain from the certificate to an anchor, or as far as it came. */
export interface PathSummary {
  /** From the leaf upwards, without the anchor. */
  readonly certificates: readonly CertificateSummary[];
  readonly anchor?: { readonly name: string; readonly source: string; readonly sha256?: string };
  readonly state: CheckState;
  readonly cause?: Cause;
  /** One for each certificate of `certificates`, once revocation was looked at. */
  readonly revocation?: readonly RevState[];
}

export interface CheckSummary {
  readonly name: string;
  readonly state: CheckState;
  readonly cause?: Cause;
}

export interface CandidateDecision {
  /** SHA-256 of the bytes, lower-case hexadecimal. */
  readonly cert: string;
  readonly certificate?: CertificateSummary;
  /** Where it was found: a DNS name, an LDAP entry, `message`. */
  readonly where: string;
  readonly state: 'usable' | 'refused' | 'undetermined';
  readonly fate: 'usable' | Cause;
  readonly checks: readonly CheckSummary[];
  readonly paths: readonly PathSummary[];
  /** The bundle, or `manual`, that the anchor of the good path came from. */
  readonly anchorFrom?: string;
  readonly notes: readonly Finding[];
}

export interface TrustDecision {
  readonly from: string;
  readonly to: string;
  /** `out`: may we encrypt `to`'s certificates; `in`: does `to` trust the signer `from`. */
  readonly direction: 'out' | 'in';
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly profile: Profile;
  readonly revocation: RevocationPolicy;
  /** The anchors that counted. */
  readonly anchors: {
    readonly domain: string;
    readonly direction: AnchorDirection;
    readonly count: number;
    readonly sources: readonly string[];
  };
  readonly verdict: Verdict;
  /** SHA-256 of the certificates to use; empty unless trusted. */
  readonly usable: readonly string[];
  readonly candidates: readonly CandidateDecision[];
  /** What was met that belongs to no candidate. */
  readonly notes: readonly Finding[];
  /** First cause first. */
  readonly causes: readonly Cause[];
  readonly firstCause?: Cause;
  readonly cure?: Cure;
}
