import { editHeader } from '../../../agent/header-edit.ts';
import type { Behaviour } from '../behaviour.ts';
import { given } from './composing.ts';

/** Writes the request for delivery notification in a way of its own. */
export const badDnOption: Behaviour = {
  id: 'send.bad-dn-option',
  title: 'writes the request for delivery notification in a way of its own',
  legal: false,
  apply: given('wrap', (draft) => ({
    ...draft,
    message: editHeader(draft.message, new Set(['disposition-notification-options']), [
      { name: 'Disposition-Notification-Options', value: 'X-DIRECT-FINAL-DESTINATION-DELIVERY=true' },
    ]),
  })),
};
