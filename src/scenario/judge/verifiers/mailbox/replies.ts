import { z } from 'zod';
import { found, type Verifier, verdictOf } from '../../verifier.ts';
import { exchangesOf } from '../submission/exchanges.ts';

const args = z.strictObject({
  at: z.string(),
  is: z.array(z.enum(['OK', 'ERR', 'NO', 'BAD', 'BYE', 'closed', 'silent', 'no-tls', 'no-protocol'])).min(1),
});

/** What the POP3 or IMAP server answered at a place of the conversation (REQ-EDGE-06, REQ-EDGE-07). */
export const mailboxReplies: Verifier<z.infer<typeof args>> = {
  id: 'mailbox-replies',
  about: 'the POP3 or IMAP server answered so at a place of the conversation',
  args,
  verify({ at, is }, view, scope) {
    const expected = is.join(' or ');
    const seen = exchangesOf(view, at, scope);
    if (seen.length === 0) {
      const params = { what: `the reply at "${at}"`, expected, found: 'nothing was said there' };
      return verdictOf([found('fail', { code: 'observed.differs', params }, [], scope)]);
    }
    return verdictOf(
      seen.map(({ said, heard, text, event }) => {
        const what = `the reply to ${said}`;
        return is.some((one) => one === heard)
          ? found('info', { code: 'observed.seen', params: { what, found: text } }, [event], scope)
          : found(
              'fail',
              { code: 'observed.differs', params: { what, expected, found: text } },
              [event],
              scope,
            );
      }),
    );
  },
};
