import type { Behaviour } from '../behaviour.ts';
import { inNotices } from '../ntf/keeping.ts';

/** Sends notices wherever Disposition-Notification-To says. */
export const mdnAnywhere: Behaviour = {
  id: 'recv.mdn-anywhere',
  title: 'sends notices wherever Disposition-Notification-To says',
  legal: false,
  apply: inNotices(({ addressee }) => ({ addressee: (about) => about.notifyTo ?? addressee(about) })),
};
