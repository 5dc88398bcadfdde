import { z } from 'zod';
import { messageIdKey } from '../../../../mail/message-id.ts';
import { found, type Verifier, verdictOf } from '../../verifier.ts';
import { arrivedFor } from '../../view.ts';
import { outcomesFor, sentBy, withReading } from './reading.ts';

const args = z.strictObject({ read: z.string().default('end'), about: z.string().default('message') });
const notTaken = z.looseObject({ step: z.literal('not-taken'), messageId: z.string() });

/**
 * A message is either not taken, and then nothing of it leaves, or taken, and then its sender hears of its failure: what
 * leaves is always in the books (hisp-behaviour §5). For messages to an address that never answers.
 */
export const accounted: Verifier<z.infer<typeof args>> = {
  id: 'accounted',
  about: 'a message to somebody silent was refused at the edge and never left, or its failure was told once',
  args,
  verify({ read, about }, view, scope) {
    return withReading(view, read, scope, (reading) => {
      const refused = view.events.flatMap((event) => {
        const parsed = notTaken.safeParse(event.summary);
        return parsed.success ? [{ event: event.n, id: messageIdKey(parsed.data.messageId) }] : [];
      });
      const findings = sentBy(view, about, scope).map((sent) => {
        const no = refused.find(({ id }) => id === messageIdKey(sent.messageId));
        const left = arrivedFor(view, scope.part).filter((message) =>
          message.rcptTo.some((address) => sent.to.map((to) => to.toLowerCase()).includes(address)),
        );
        const told = outcomesFor(reading, [sent]).length;
        const right = no ? left.length === 0 && told === 0 : told === sent.to.length;
        const what = `the message to ${sent.to.join(', ')}`;
        const is = `${no ? 'refused' : 'taken'}, sent ${left.length} times, told ${told} times`;
        const evidence = [sent.event, ...(no ? [no.event] : []), ...left.map(({ event }) => event)];
        return right
          ? found('info', { code: 'observed.seen', params: { what, found: is } }, evidence, scope)
          : found(
              'fail',
              {
                code: 'observed.differs',
                params: { what, expected: 'refused and not sent, or told once', found: is },
              },
              evidence,
              scope,
            );
      });
      return verdictOf(findings);
    });
  },
};
