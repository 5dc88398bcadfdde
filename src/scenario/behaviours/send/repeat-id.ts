import { editHeader } from '../../../agent/header-edit.ts';
import type { Behaviour } from '../behaviour.ts';
import { given } from './composing.ts';

/** Gives every message the same Message-ID. */
export const repeatId: Behaviour = {
  id: 'send.repeat-id',
  title: 'gives every message the same Message-ID',
  legal: false,
  apply: given('wrap', (draft) => {
    const messageId = `the-one-and-only${draft.sender.slice(draft.sender.lastIndexOf('@'))}`;
    return {
      ...draft,
      message: editHeader(draft.message, new Set(['message-id']), [
        { name: 'Message-ID', value: `<${messageId}>` },
      ]),
      outer: { ...draft.outer, messageId },
    };
  }),
};
