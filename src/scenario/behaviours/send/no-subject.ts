import { editHeader } from '../../../agent/header-edit.ts';
import type { Behaviour } from '../behaviour.ts';
import { given } from './composing.ts';

/** Takes the subject out of the message. */
export const noSubject: Behaviour = {
  id: 'send.no-subject',
  title: 'takes the subject out of the message',
  legal: false,
  apply: given('wrap', (draft) => ({
    ...draft,
    message: editHeader(draft.message, new Set(['subject']), []),
  })),
};
