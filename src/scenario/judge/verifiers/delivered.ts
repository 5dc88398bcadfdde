import { z } from 'zod';
import { messageIdKey } from '../../../mail/message-id.ts';
import { found, type Scope, type Verifier, verdictOf } from '../verifier.ts';
import type { RunView } from '../view.ts';
import { messagesOf } from './trusted-messages.ts';

const staged = z.looseObject({ stage: z.string(), messageId: z.string().default('') });

/** What the system put into the mailboxes of its users. */
const deliveries = (view: RunView) =>
  view.events.flatMap((event) => {
    if (event.host !== view.run.facts.sut.host || event.kind !== 'message' || !event.blob) return [];
    const read = staged.safeParse(event.summary);
    if (!read.success || read.data.stage !== 'delivered') return [];
    return [{ event: event.n, blob: event.blob, messageId: messageIdKey(read.data.messageId) }];
  });

const intactArgs = z.strictObject({ messages: z.array(z.string()).min(1).default(['message']) });

/** What was delivered is, octet for octet, what the sender wrapped (REQ-AS-36, REQ-EDGE-14). */
export const intact: Verifier<z.infer<typeof intactArgs>> = {
  id: 'intact',
  about: 'the messages of these steps were delivered octet for octet as they were wrapped (seen from inside)',
  args: intactArgs,
  verify({ messages }, view, scope) {
    return verdictOf(messages.flatMap((id) => intactOf(id, view, scope)));
  },
};

function intactOf(id: string, view: RunView, scope: Scope) {
  const what = `message "${id}"`;
  const expected = 'delivered as it was wrapped';
  return messagesOf(view, scope, id).map((sent) => {
    const key = messageIdKey(sent.messageId);
    const own = deliveries(view).filter(({ messageId }) => messageId === key);
    const wrapped = view.events.find(({ n }) => n === sent.event)?.blob;
    const evidence = [sent.event, ...own.map(({ event }) => event)];
    if (own.some(({ blob }) => blob === wrapped)) {
      return found('info', { code: 'observed.seen', params: { what, found: expected } }, evidence, scope);
    }
    const is = own.length > 0 ? 'altered' : 'not delivered';
    return found(
      'fail',
      { code: 'observed.differs', params: { what, expected, found: is } },
      evidence,
      scope,
    );
  });
}

const countArgs = z.strictObject({
  /** By the id of the first step of that Message-ID. */
  messages: z.record(z.string(), z.int().min(0)),
});

/** How often messages of one Message-ID were put into mailboxes (hisp-behaviour §8). */
export const deliveredTimes: Verifier<z.infer<typeof countArgs>> = {
  id: 'delivered-times',
  about: 'messages of the same Message-ID as these were delivered so many times (seen from inside)',
  args: countArgs,
  verify({ messages }, view, scope) {
    return verdictOf(
      Object.entries(messages).map(([id, times]) => {
        const [sent] = messagesOf(view, scope, id);
        const key = messageIdKey(sent?.messageId ?? '');
        const own = deliveries(view).filter(({ messageId }) => messageId === key);
        const evidence = own.map(({ event }) => event);
        const what = `message "${id}"`;
        const text = (count: number): string => `delivered ${count} times`;
        return own.length === times
          ? found('info', { code: 'observed.seen', params: { what, found: text(times) } }, evidence, scope)
          : found(
              'fail',
              {
                code: 'observed.differs',
                params: { what, expected: text(times), found: text(own.length) },
              },
              evidence,
              scope,
            );
      }),
    );
  },
};
