import { smtpReply } from '../../../smtp/reply.ts';
import type { Behaviour } from '../behaviour.ts';
import { both, replying } from './reading.ts';
import { saying } from './submitting.ts';

const UNKNOWN = /is not known|^Unknown command/;

/** Commands that do not exist are answered with 250, or OK. */
export const acceptsGarbage: Behaviour = {
  id: 'edge.accepts-garbage',
  title: 'answers 250 (OK in POP3 and IMAP) to commands that do not exist',
  legal: false,
  apply: both(
    saying([], (reply) => (reply.code === 500 ? smtpReply(250, '2.0.0 Ok') : reply)),
    replying((reply) => (UNKNOWN.test(reply.text) ? { status: 'OK', text: 'Done' } : reply)),
  ),
};
