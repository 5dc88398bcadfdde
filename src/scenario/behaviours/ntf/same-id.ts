import type { Behaviour } from '../behaviour.ts';
import { inNotices } from './keeping.ts';

/** Gives the processed and the dispatched notice one Message-ID. */
export const sameId: Behaviour = {
  id: 'ntf.same-id',
  title: 'gives the processed and the dispatched notice one Message-ID',
  legal: false,
  apply: inNotices(() => ({
    disposition: (proposed) => ({
      ...proposed,
      messageId: `notice-of-${proposed.originalMessageId ?? proposed.messageId}`,
    }),
  })),
};
