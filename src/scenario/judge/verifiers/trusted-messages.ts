import { z } from 'zod';
import { messageIdKey } from '../../../mail/message-id.ts';
import { found, type Scope, type Verifier, verdictOf } from '../verifier.ts';
import type { RunView, Sent } from '../view.ts';

/** When the system said that it processed a message, so that it trusted who signed it; ms since 1970 UTC. */
export function processedAt(view: RunView, sent: Sent): { at: number; event: number } | undefined {
  const id = messageIdKey(sent.messageId);
  return view.answered.find(
    ({ about, disposition }) => disposition === 'processed' && messageIdKey(about) === id,
  );
}

/** The messages of a step, in their order. */
export const messagesOf = (view: RunView, { part }: Scope, id: string): Sent[] =>
  view.sent.filter((sent) => sent.part === part && sent.id === id);

const args = z.strictObject({
  trusted: z.array(z.string()).default([]),
  refused: z.array(z.string()).default([]),
  /** Later is too late; without it, what is decided again counts as well. */
  withinMinutes: z.number().positive().optional(),
});

/** Seen from outside: who is trusted is answered, who is not is met with silence (REQ-MDN-01, -03). */
export const trustedMessages: Verifier<z.infer<typeof args>> = {
  id: 'trusted-messages',
  about: 'the messages of these steps were trusted and answered, those of others met with silence',
  args,
  verify({ trusted, refused, withinMinutes = Number.POSITIVE_INFINITY }, view, scope) {
    const wanted = [
      ...trusted.map((id) => ({ id, expected: 'trusted' })),
      ...refused.map((id) => ({ id, expected: 'refused' })),
    ];
    return verdictOf(
      wanted.flatMap(({ id, expected }) => {
        const messages = messagesOf(view, scope, id);
        const what = `message "${id}"`;
        if (messages.length === 0) {
          const params = { what, expected, found: 'never sent' };
          return [found('error', { code: 'observed.differs', params }, [], scope)];
        }
        return messages.map((sent) => {
          const answer = processedAt(view, sent);
          const inTime = answer !== undefined && answer.at - sent.at <= withinMinutes * 60_000;
          const is = inTime ? 'trusted' : answer ? 'trusted too late' : 'refused';
          const evidence = answer ? [sent.event, answer.event] : [sent.event];
          return is === expected
            ? found('info', { code: 'observed.seen', params: { what, found: is } }, evidence, scope)
            : found(
                'fail',
                { code: 'observed.differs', params: { what, expected, found: is } },
                evidence,
                scope,
              );
        });
      }),
    );
  },
};
