import type { SubmissionParts } from '../../../edge/submission/parts.ts';
import type { SmtpReply } from '../../../smtp/reply.ts';
import type { Behaviour } from '../behaviour.ts';

/** The submission server, made in another way. */
export const inSubmission =
  (change: (parts: SubmissionParts) => Partial<SubmissionParts>): Behaviour['apply'] =>
  (parts) => ({ ...parts, submission: { ...parts.submission, ...change(parts.submission) } });

/** What it says at some stages; none: at all of them. */
export const saying = (
  stages: readonly string[],
  answer: (proposed: SmtpReply) => SmtpReply,
): Behaviour['apply'] =>
  inSubmission(({ reply }) => ({
    reply(proposed, context) {
      const reference = reply(proposed, context);
      return stages.length === 0 || stages.includes(context.stage) ? answer(reference) : reference;
    },
  }));
