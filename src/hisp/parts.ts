/**
 * What a HISP is made of beyond its agent: the seams that a simulated peer with habits lays its behaviour over.
 *
 * @module
 */
import type { AgentParts } from '../agent/parts.ts';
import { type ReadingParts, referenceReading } from '../edge/reading.ts';
import { referenceSubmission, type SubmissionParts } from '../edge/submission/parts.ts';
import type { ReplyContext } from '../smtp/handlers.ts';
import type { SmtpReply } from '../smtp/reply.ts';
import { type BundleSpec, buildBundle } from '../trust/bundle/build.ts';
import { type ConsumeParts, referenceConsumer } from '../trust/bundle/consume-parts.ts';
import type { Shelf } from '../trust/bundle/shelf.ts';
import type { Subscription } from '../trust/bundle/subscription.ts';
import type { Answered } from './answers.ts';
import type { Exchanger } from './mail-exchangers.ts';
import { type NoticeParts, referenceNotices } from './notice-parts.ts';
import { referenceTransition, type Transition } from './transition.ts';

/** How trust bundles are made, and how they become anchors. */
export interface BundleParts {
  /** @throws {BundleError} `spec` */
  readonly build: (spec: BundleSpec) => Uint8Array;
  readonly consume: ConsumeParts;
  /** What is subscribed to, and for which domains. */
  readonly subscriptions: (wanted: readonly Subscription[]) => readonly Subscription[];
  /** How what is trusted is kept over restarts. */
  readonly keep: (shelf: Shelf) => Shelf;
}

export interface HispParts extends AgentParts {
  readonly bundles: BundleParts;
  /** Where its users hand in their mail. */
  readonly submission: SubmissionParts;
  /** Where they read it: POP3 and IMAP. */
  readonly reading: ReadingParts;
  /** The servers of a domain in the order in which they are tried. */
  readonly exchangers: (found: readonly Exchanger[], domain: string) => readonly Exchanger[];
  /** What the SMTP server says, given what it would say. */
  readonly smtpReply: (proposed: SmtpReply, context: ReplyContext) => SmtpReply;
  /** By what a message that comes again is known. */
  readonly identity: (message: Answered) => string;
  /** How the sender's books are kept. */
  readonly transition: Transition;
  /** How notices are read, believed and made. */
  readonly notices: NoticeParts;
}

/** The reference: the agent's parts, and nothing added to them. */
export const hispParts = (agent: AgentParts): HispParts => ({
  ...agent,
  bundles: {
    build: buildBundle,
    consume: referenceConsumer,
    subscriptions: (wanted) => wanted,
    keep: (shelf) => shelf,
  },
  submission: referenceSubmission,
  reading: referenceReading,
  exchangers: (found) => found,
  smtpReply: (proposed) => proposed,
  // the same id with another content is another message (hisp-behaviour §8)
  identity: ({ messageId, sender, recipient, content }) =>
    [messageId ?? '', sender.toLowerCase(), recipient, content].join('\n'),
  transition: referenceTransition,
  notices: referenceNotices,
});
