/**
 * One named question to a certificate, and all that it may look at. The trust decision is a list of these.
 *
 * @module
 */
import type { Cause } from '../outcome/cause.ts';
import type { Finding } from '../outcome/check.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { Anchor } from '../pki/path/anchor.ts';
import type { AnchorDirection } from './anchors.ts';
import type { CheckState, PathSummary, Profile, RevocationPolicy } from './decision.ts';
import type { Named } from './named.ts';
import type { SignatureFacts } from './signature-checks.ts';
import type { TrustSources } from './sources.ts';

/** A chain that leads to an anchor. */
export interface TrustPath {
  /** From the leaf upwards, without the anchor. */
  readonly certificates: readonly Certificate[];
  readonly anchor: Anchor;
}

export interface CheckContext {
  /** Missing when the bytes cannot be read; then only `parse` is asked. */
  readonly certificate?: Certificate;
  readonly unreadable?: string;
  readonly wanted: { readonly address: string; readonly domain: string };
  /** What the key is wanted for. */
  readonly use: 'encrypt' | 'sign';
  /** Of a signer: what its signature came to. */
  readonly signature?: SignatureFacts;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly profile: Profile;
  readonly revocation: RevocationPolicy;
  /** Whose anchors count. */
  readonly domain: string;
  readonly direction: AnchorDirection;
  readonly anchors: readonly Anchor[];
  /** Certificates that came along and may be issuers. */
  readonly pool: readonly Certificate[];
  readonly sources: TrustSources;
  /** The good chains that an earlier check found. */
  readonly paths: readonly TrustPath[];
}

export interface CheckOutcome {
  /** `unknown`: a source did not answer. */
  readonly state: CheckState;
  /** Present unless the check passed. */
  readonly cause?: Cause | undefined;
  readonly notes?: readonly Finding[];
  /** Good chains, for the checks that follow. */
  readonly paths?: readonly TrustPath[];
  /** Every chain looked at, for the reader. */
  readonly tried?: readonly PathSummary[] | undefined;
}

/**
 * `local` checks look at the certificate alone and are all asked; `remote` ones may fetch, and are asked only of a
 * certificate that no check refused, so that nobody can make us fetch for a certificate we would not use.
 */
export interface NamedCheck extends Named {
  readonly reach: 'local' | 'remote';
  readonly check: (context: CheckContext) => CheckOutcome | Promise<CheckOutcome>;
}

export const pass: CheckOutcome = { state: 'pass' };
export const fail = (cause: Cause): CheckOutcome => ({ state: 'fail', cause });
export const unknown = (cause: Cause): CheckOutcome => ({ state: 'unknown', cause });
