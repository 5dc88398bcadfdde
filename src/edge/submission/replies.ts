/**
 * What a submission server says to a login and to a message.
 *
 * @module
 */
import { type Cause, sentence } from '../../outcome/cause.ts';
import { type SmtpReply, smtpReply } from '../../smtp/reply.ts';
import type { LoginAnswer } from '../accounts.ts';
import type { SubmitAnswer } from './parts.ts';

/** A locked account is told so, as it was told of every attempt before: it learns nothing by it. */
export function loginReply(refusal: Extract<LoginAnswer, { ok: false }>): SmtpReply {
  switch (refusal.reason) {
    case 'credentials':
      return smtpReply(535, '5.7.8 Name or password is wrong');
    case 'locked': {
      const minutes = Math.max(1, Math.ceil(refusal.retryAfterMs / 60_000));
      return smtpReply(454, `4.7.0 Too many attempts, try again in ${minutes} min`);
    }
    case 'unavailable':
      return smtpReply(454, '4.7.0 Logins cannot be checked now, try later');
  }
}

export const answerReply = (answer: SubmitAnswer): SmtpReply =>
  answer.ok ? smtpReply(250, `2.6.0 Stored as ${answer.id}`) : refusal(answer.cause, answer.storage ?? false);

/**
 * @param storage the disk or the file system failed: 452; other temporary trouble, such as tracking that cannot be
 * written, is 451 (hisp-behaviour §8)
 */
function refusal(cause: Cause, storage: boolean): SmtpReply {
  const say = (code: number, status: string): SmtpReply => smtpReply(code, `${status} ${sentence(cause)}`);
  switch (cause.code) {
    case 'edge.unavailable':
      return storage ? say(452, '4.3.1') : say(451, '4.3.0');
    case 'edge.full':
      return say(452, '4.3.1');
    case 'edge.not-owner':
      return say(550, '5.7.1');
    case 'parse.mime':
      // the one thing about content that is refused: it is sealed already (hisp-behaviour §2.2)
      return say(550, '5.7.1');
    case 'message.loop':
      return say(554, '5.4.6');
    case 'transport.size':
      return say(552, '5.3.4');
    default:
      return say(554, '5.6.0');
  }
}
