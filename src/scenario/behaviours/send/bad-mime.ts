import { editHeader } from '../../../agent/header-edit.ts';
import type { Behaviour } from '../behaviour.ts';
import { given } from './composing.ts';

/** Writes a transfer encoding that does not exist. */
export const badMime: Behaviour = {
  id: 'send.bad-mime',
  title: 'writes a transfer encoding that does not exist',
  legal: false,
  apply: given('wrap', (draft) => ({
    ...draft,
    message: editHeader(draft.message, new Set(['content-transfer-encoding']), [
      { name: 'Content-Transfer-Encoding', value: '7-bits' },
    ]),
  })),
};
