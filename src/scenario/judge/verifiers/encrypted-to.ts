import { z } from 'zod';
import type { Finding } from '../../../outcome/check.ts';
import { found, type Scope, type Verifier, verdictOf } from '../verifier.ts';
import { type Arrived, certificateNamed, type RunView, type Sent } from '../view.ts';
import { messagesOf } from './trusted-messages.ts';

const args = z.strictObject({
  /** By the id of the step that sent it: the certificates that the message is to be encrypted to; none: nothing leaves. */
  messages: z.record(z.string(), z.array(z.string())),
});

/** What each of several messages that were sent one after another was encrypted to, or that it did not leave. */
export const encryptedTo: Verifier<z.infer<typeof args>> = {
  id: 'encrypted-to',
  about: 'each of the messages of these steps was encrypted to exactly these certificates, or did not leave',
  args,
  certificates: ({ messages }) => Object.values(messages).flat(),
  verify({ messages }, view, scope) {
    return verdictOf(
      Object.entries(messages).flatMap(([id, roles]) => {
        const sent = messagesOf(view, scope, id);
        const what = `message "${id}"`;
        const expected = roles.length > 0 ? `encrypted to ${roles.join(', ')}` : 'not sent';
        if (sent.length === 0) {
          const params = { what, expected, found: 'never submitted' };
          return [found('error', { code: 'observed.differs', params }, [], scope)];
        }
        return sent.map((one) => judgeOne(one, what, roles, view, scope));
      }),
    );
  },
};

function judgeOne(sent: Sent, what: string, roles: readonly string[], view: RunView, scope: Scope): Finding {
  const messages = between(sent, view);
  const named = new Set(
    messages.flatMap(({ recipients }) =>
      recipients.map((recipient) => certificateNamed(view.run.facts, recipient)?.role ?? 'a stranger’s'),
    ),
  );
  const is = [...named].toSorted().join(', ');
  const wanted = roles.toSorted().join(', ');
  const text = (list: string): string => (list ? `encrypted to ${list}` : 'not sent');
  const evidence = [sent.event, ...messages.map(({ event }) => event)];
  return is === wanted
    ? found('info', { code: 'observed.seen', params: { what, found: text(is) } }, evidence, scope)
    : found(
        'fail',
        { code: 'observed.differs', params: { what, expected: text(wanted), found: text(is) } },
        evidence,
        scope,
      );
}

/** The messages for its recipients that came after it and before the next one to any of them. */
function between(sent: Sent, view: RunView): Arrived[] {
  const to = new Set(sent.to.map((address) => address.toLowerCase()));
  const next = view.sent.find(
    (one) => one.event > sent.event && one.to.some((address) => to.has(address.toLowerCase())),
  );
  return view.arrived.filter(
    ({ event, rcptTo }) =>
      event > sent.event &&
      (next === undefined || event < next.event) &&
      rcptTo.some((address) => to.has(address)),
  );
}
