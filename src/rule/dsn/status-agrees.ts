import { dsnRule } from './subject.ts';

/** First number of the code for each action; others leave it open. */
const CLASS: Readonly<Record<string, RegExp>> = { failed: /^5/, delayed: /^4/, delivered: /^2/ };

export const statusAgrees = dsnRule({
  id: 'dsn/status-agrees',
  title: 'Action and Status of a recipient say the same',
  level: 'must',
  cites: ['REQ-DN-12', 'REQ-DN-17'],
  items: ({ notice }) =>
    notice.recipients.flatMap(({ action, status }) =>
      action !== undefined && status !== undefined && CLASS[action] ? [{ action, status }] : [],
    ),
  check: ({ action, status }) => (CLASS[action]!.test(status) ? undefined : { action, status }),
  text: ({ action, status }) => `found Action ${action} with Status ${status}`,
});
