import type { Behaviour } from '../behaviour.ts';
import { left } from './composing.ts';

/** Gives another MAIL FROM than the sender of the message. */
export const envelopeMismatch: Behaviour = {
  id: 'send.envelope-mismatch',
  title: 'gives another MAIL FROM than the sender of the message',
  legal: false,
  apply: left('outer', (draft) => ({
    ...draft,
    mailFrom: `bounces${draft.sender.slice(draft.sender.lastIndexOf('@'))}`,
  })),
};
