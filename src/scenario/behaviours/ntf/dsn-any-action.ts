import type { Behaviour } from '../behaviour.ts';
import { inNotices } from './keeping.ts';

/** Takes every DSN for a failure, whatever its Action says. */
export const dsnAnyAction: Behaviour = {
  id: 'ntf.dsn-any-action',
  title: 'takes every DSN for a failure, whatever its Action says',
  legal: false,
  apply: inNotices(({ dsn }) => ({
    dsn: (notice, sender) =>
      dsn({ ...notice, recipients: notice.recipients.map((one) => ({ ...one, action: 'failed' })) }, sender),
  })),
};
