import { z } from 'zod';
import { type Entity, readEntity } from '../../../../mail/entity.ts';
import { MailError } from '../../../../mail/error.ts';
import { messageIdKey } from '../../../../mail/message-id.ts';
import { found, type Scope, type Verifier, verdictOf } from '../../verifier.ts';
import type { RunView } from '../../view.ts';
import { messagesOf } from '../trusted-messages.ts';

const args = z.strictObject({
  /** Id of the step that made the message. */
  message: z.string().default('message'),
});

const mail = z.looseObject({ op: z.literal('mail'), part: z.enum(['main', 'control']) });

/**
 * A message that was sent is in the mailbox once, in clear, and its content is the content that was sent (REQ-EDGE-06,
 * REQ-EDGE-07). Header fields that a server adds are its own affair.
 */
export const retrieved: Verifier<z.infer<typeof args>> = {
  id: 'retrieved',
  about: 'a message that was sent is in the mailbox once, in clear, with the content that was sent',
  args,
  verify({ message }, view, scope) {
    const mails = mailsOf(view, scope);
    return verdictOf(
      messagesOf(view, scope, message).map((sent) => {
        const what = `message "${message}"`;
        const expected = 'there once, as it was sent';
        const key = messageIdKey(sent.messageId);
        const mine = mails.filter(({ entity }) => messageIdKey(entity.header('message-id')) === key);
        const evidence = [sent.event, ...mine.map(({ event }) => event)];
        const wrapped = view.events.find(({ n }) => n === sent.event)?.blob;
        const is = wrapped && judged(mine, readEntity(view.blob(wrapped)));
        return is === expected
          ? found('info', { code: 'observed.seen', params: { what, found: expected } }, evidence, scope)
          : found(
              'fail',
              { code: 'observed.differs', params: { what, expected, found: is ?? 'never sent' } },
              evidence,
              scope,
            );
      }),
    );
  },
};

function judged(mine: readonly { readonly entity: Entity }[], sent: Entity): string {
  const [one] = mine;
  if (!one) return 'not there';
  if (mine.length > 1) return `there ${mine.length} times`;
  const same =
    one.entity.contentType.type === sent.contentType.type &&
    Buffer.from(trimmed(one.entity.body)).equals(Buffer.from(trimmed(sent.body)));
  return same ? 'there once, as it was sent' : 'altered';
}

/** Line ends at the end are the transport's. */
function trimmed(body: Uint8Array): Uint8Array {
  let end = body.length;
  while (end > 0 && (body[end - 1] === 10 || body[end - 1] === 13)) end--;
  return body.subarray(0, end);
}

const mailsOf = (view: RunView, { part }: Scope): { readonly event: number; readonly entity: Entity }[] =>
  view.events.flatMap((event) => {
    const parsed = mail.safeParse(event.summary);
    if (!parsed.success || parsed.data.part !== part || !event.blob) return [];
    try {
      return [{ event: event.n, entity: readEntity(view.blob(event.blob)) }];
    } catch (error) {
      if (error instanceof MailError) return [];
      throw error;
    }
  });
