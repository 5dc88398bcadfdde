/**
 * What a security and trust agent is made of. `referenceAgent` is how it is done right; a peer that does it wrong is
 * the same record with one element replaced, removed or wrapped.
 *
 * @module
 */

import type { DiscoveryParts } from '../discovery/parts.ts';
import type { Discovery } from '../discovery/types.ts';
import type { Finding } from '../outcome/check.ts';
import type { Anchor } from '../pki/path/anchor.ts';
import type { AnchorDirection, AnchorSource } from '../trust/anchors.ts';
import type { NamedCheck } from '../trust/check.ts';
import type { CandidateDecision, TrustDecision } from '../trust/decision.ts';
import type { Named } from '../trust/named.ts';
import type { IssuerParts } from '../trust/sources.ts';
import type { Draft } from './draft.ts';
import type { Opening } from './opening.ts';
import type { Decided, Envelope, Submission, Unsent } from './types.ts';

/** A step of a pipeline: takes the work as it stands and gives it back further on, or throws `AgentStop`. */
export interface NamedStage<C> extends Named {
  readonly run: (context: C) => C | Promise<C>;
}

/** What happened to a message that was accepted, as far as its sender may hear of it. */
export type NoticeOccasion = 'accepted' | 'delivered' | 'undeliverable';
export type NoticeKind = 'processed' | 'dispatched' | 'failed';

export interface AgentParts {
  // outbound
  readonly discovery: DiscoveryParts;
  /** Asked of each certificate that discovery found. */
  readonly candidate: readonly NamedCheck[];
  /** Which of the judged certificates of a recipient are used. */
  readonly select: (judged: readonly CandidateDecision[]) => readonly CandidateDecision[];
  /** Whether the search goes on behind the place where everything was refused. */
  readonly afterRefusal: (decision: TrustDecision, discovery: Discovery) => 'stop' | 'continue';
  /** Which recipients go together in one encrypted message; each list becomes one. */
  readonly plan: (decided: readonly Decided[]) => readonly (readonly Decided[])[];
  readonly compose: readonly NamedStage<Draft>[];
  /** What leaves for recipients that could not be served. */
  readonly unsent: (unsent: readonly Unsent[], submission: Submission) => readonly Envelope[];
  // inbound
  readonly open: readonly NamedStage<Opening>[];
  /** Asked of each signer's certificate, for each recipient. */
  readonly signer: readonly NamedCheck[];
  /** The verdict over all the signers of a message, from the verdict of each. */
  readonly anySigner: (judged: readonly CandidateDecision[]) => readonly CandidateDecision[];
  /** Which notices are due to the sender. */
  readonly notify: (
    occasion: NoticeOccasion,
    message: { kind: 'message' | 'mdn' | 'dsn'; requested: boolean },
  ) => readonly NoticeKind[];
  // both
  readonly issuers: IssuerParts;
  readonly anchors: (source: AnchorSource, domain: string, direction: AnchorDirection) => readonly Anchor[];
  /** Which findings are told. */
  readonly report: (findings: readonly Finding[]) => readonly Finding[];
}
