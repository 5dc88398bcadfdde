import { smtpReply } from '../../../smtp/reply.ts';
import type { Behaviour } from '../behaviour.ts';
import { both, replying } from './reading.ts';
import { saying } from './submitting.ts';

/** Commands that come too early are answered with 250. */
export const anyOrder: Behaviour = {
  id: 'edge.any-order',
  title: 'answers 250 to commands that come too early',
  legal: false,
  apply: both(
    saying(['MAIL', 'RCPT', 'DATA'], (reply) => (reply.code === 503 ? smtpReply(250, '2.1.0 Ok') : reply)),
    replying((reply) => (reply.text === 'Log in first' ? { status: 'OK', text: 'Done' } : reply)),
  ),
};
