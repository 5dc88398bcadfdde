import { smtpReply } from '../../../smtp/reply.ts';
import type { Behaviour } from '../behaviour.ts';
import { saying } from './submitting.ts';

/** Takes a password before TLS. */
export const loginInClear: Behaviour = {
  id: 'edge.login-in-clear',
  title: 'lets a user log in without TLS',
  legal: false,
  apply: saying(['AUTH'], (reply) => (reply.code === 538 ? smtpReply(235, '2.7.0 Logged in') : reply)),
};
