import type { EdgeReply, EdgeReplyContext, ReadingParts } from '../../../edge/reading.ts';
import type { Behaviour } from '../behaviour.ts';

/** The servers where mail is read, made in another way. */
export const inReading =
  (change: (parts: ReadingParts) => Partial<ReadingParts>): Behaviour['apply'] =>
  (parts) => ({ ...parts, reading: { ...parts.reading, ...change(parts.reading) } });

/** What POP3 and IMAP say at the end of a command. */
export const replying = (
  answer: (proposed: EdgeReply, context: EdgeReplyContext) => EdgeReply,
): Behaviour['apply'] =>
  inReading(({ reply }) => ({ reply: (proposed, context) => answer(reply(proposed, context), context) }));

/** One habit at several places. */
export const both =
  (...habits: readonly Behaviour['apply'][]): Behaviour['apply'] =>
  (parts, random) =>
    habits.reduce((changed, habit) => habit(changed, random), parts);
