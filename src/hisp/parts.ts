/**
 * What a HISP is made of beyond its agent: the seams that a simulated peer with habits lays its behaviour over.
 *
 * @module
 */
import type { AgentParts } from '../agent/parts.ts';
import type { ReplyContext } from '../smtp/handlers.ts';
import type { SmtpReply } from '../smtp/reply.ts';
import { referenceTransition, type Transition } from './transition.ts';

export interface HispParts extends AgentParts {
  /** What the SMTP server says, given what it would say. */
  readonly smtpReply: (proposed: SmtpReply, context: ReplyContext) => SmtpReply;
  /** How the sender's books are kept. */
  readonly transition: Transition;
}

/** The reference: the agent's parts, and nothing added to them. */
export const hispParts = (agent: AgentParts): HispParts => ({
  ...agent,
  smtpReply: (proposed) => proposed,
  transition: referenceTransition,
});
