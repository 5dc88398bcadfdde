import type { Behaviour } from '../behaviour.ts';
import { inNotices } from './keeping.ts';

/** Reads Action and Status of the first recipient block for all of them. */
export const firstBlockForAll: Behaviour = {
  id: 'ntf.first-block-for-all',
  title: 'reads Action and Status of the first recipient block for all of them',
  legal: false,
  apply: inNotices(({ dsn }) => ({
    dsn: (notice, sender) =>
      dsn(
        {
          ...notice,
          recipients: notice.recipients.map((one) => ({
            ...one,
            action: notice.recipients[0]?.action,
            status: notice.recipients[0]?.status,
          })),
        },
        sender,
      ),
  })),
};
