import { z } from 'zod';
import { messageIdKey } from '../../../mail/message-id.ts';
import { found, type Verifier, verdictOf } from '../verifier.ts';

const args = z.strictObject({
  message: z.string().default('message'),
  /** The reply of the mail server: its code, or the beginning of its text. */
  reply: z.string(),
});

const handed = z.looseObject({
  step: z.literal('handed-over'),
  id: z.string(),
  part: z.enum(['main', 'control']),
  replies: z.record(z.string(), z.string()),
});

/** What the mail server of the system said to a message, for every recipient. */
export const replied: Verifier<z.infer<typeof args>> = {
  id: 'replied',
  about: 'the mail server of the system answered a message with this reply',
  args,
  verify({ message, reply }, view, { part, ...scope }) {
    const seen = view.events.flatMap((event) => {
      const read = handed.safeParse(event.summary);
      return read.success && read.data.id === message && read.data.part === part
        ? Object.values(read.data.replies).map((text) => ({ text, event: event.n }))
        : [];
    });
    const what = `the reply to message "${message}"`;
    const evidence = seen.map(({ event }) => event);
    const is = [...new Set(seen.map(({ text }) => text))].join('; ') || 'none';
    const right = seen.length > 0 && seen.every(({ text }) => text.startsWith(reply));
    return verdictOf([
      right
        ? found('info', { code: 'observed.seen', params: { what, found: is } }, evidence, { part, ...scope })
        : found(
            'fail',
            { code: 'observed.differs', params: { what, expected: reply, found: is } },
            evidence,
            {
              part,
              ...scope,
            },
          ),
    ]);
  },
};

const noticeArgs = z.strictObject({
  /** By the id of the first step of a Message-ID: how many different processed notices name it. */
  messages: z.record(z.string(), z.int().min(0)),
});

/** One notice for each message: what comes again may be acknowledged again, by the same notice. */
export const processedOnce: Verifier<z.infer<typeof noticeArgs>> = {
  id: 'processed-notices',
  about:
    'so many different processed notices name the Message-ID of these messages; the same one may come again',
  args: noticeArgs,
  verify({ messages }, view, scope) {
    return verdictOf(
      Object.entries(messages).map(([id, expected]) => {
        const sent = view.sent.find((one) => one.id === id && one.part === scope.part);
        const key = messageIdKey(sent?.messageId ?? '');
        const own = view.answered.filter(
          ({ about, disposition }) => disposition === 'processed' && messageIdKey(about ?? '') === key,
        );
        const different = new Set(own.map(({ messageId }) => messageId)).size;
        const params = { kind: 'different processed', expected, found: different };
        const evidence = own.map(({ event }) => event);
        return found(
          different === expected ? 'info' : 'fail',
          { code: 'observed.answer', params },
          evidence,
          scope,
        );
      }),
    );
  },
};
