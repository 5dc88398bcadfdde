import { dsnRule } from './subject.ts';

const ACTIONS: ReadonlySet<string> = new Set(['failed', 'delayed', 'delivered', 'relayed', 'expanded']);

export const action = dsnRule({
  id: 'dsn/action',
  title: 'Action of every recipient is one of five words',
  level: 'must',
  cites: ['REQ-DN-12', 'REQ-DN-17'],
  items: ({ notice }) => notice.recipients,
  check: (recipient) =>
    ACTIONS.has(recipient.action ?? '') ? undefined : { found: recipient.action?.slice(0, 100) || 'none' },
  text: ({ found }) => `found ${found}; expected ${[...ACTIONS].join(', ')}`,
});
