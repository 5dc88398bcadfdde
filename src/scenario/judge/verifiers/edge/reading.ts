/**
 * What the verifiers of the edge have in common.
 *
 * @module
 */
import { messageIdKey } from '../../../../mail/message-id.ts';
import { type EdgeOutcome, type EdgeReading, readingOf } from '../../edge-mails.ts';
import { found, type Scope, type Verdict } from '../../verifier.ts';
import type { RunView, Sent } from '../../view.ts';

/** Runs `judge` with the reading, or says that nobody read the edge. */
export function withReading(
  view: RunView,
  id: string,
  scope: Scope,
  judge: (reading: EdgeReading) => Verdict,
): Verdict {
  const reading = readingOf(view, id, scope.part);
  if (reading) return judge(reading);
  const params = { what: `the reading "${id}" of the edge`, why: 'no step made it' };
  return {
    status: 'error',
    reason: 'nobody read the edge',
    findings: [found('error', { code: 'testbed.failure', params }, [], scope)],
  };
}

/** The turns of the step with this id. */
export const sentBy = (view: RunView, id: string, { part }: Scope): Sent[] =>
  view.sent.filter((sent) => sent.id === id && sent.part === part);

/** What a reading says of those messages; a notice that names no message counts for any. */
export function outcomesFor(reading: EdgeReading, sent: readonly Sent[]): EdgeOutcome[] {
  const ids = new Set(sent.map(({ messageId }) => messageIdKey(messageId)));
  return reading.outcomes.filter(({ about }) => about === undefined || ids.has(about));
}
