import { fieldValue } from '../../../mail/report.ts';
import type { Behaviour } from '../behaviour.ts';
import { inNotices } from './keeping.ts';

/** Finds the message only when the notice names it with its angle brackets. */
export const verbatimId: Behaviour = {
  id: 'ntf.verbatim-id',
  title: 'finds the message only when the notice names it with its angle brackets',
  legal: false,
  apply: inNotices(({ mdn }) => ({
    mdn: (notice, sender) =>
      /^<.*>$/.test(fieldValue(notice.fields, 'original-message-id') ?? '')
        ? mdn(notice, sender)
        : mdn({ ...notice, originalMessageId: undefined }, sender),
  })),
};
