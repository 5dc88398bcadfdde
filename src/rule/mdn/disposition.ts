import { fieldValue } from '../../mail/report.ts';
import { mdnRule } from './subject.ts';

/** What peers understand: of the standards, and of the Implementation Guide for Delivery Notification. */
const TYPES: ReadonlySet<string> = new Set([
  'processed',
  'dispatched',
  'displayed',
  'deleted',
  'denied',
  'failed',
  'error',
]);

export const disposition = mdnRule({
  id: 'mdn/disposition',
  title: 'Disposition says what became of the message, in a word that peers know',
  level: 'must',
  cites: ['REQ-MDN-05', 'REQ-MDN-07'],
  items: ({ notice }) => [notice],
  check: (notice) =>
    TYPES.has(notice.disposition?.type ?? '')
      ? undefined
      : { found: fieldValue(notice.fields, 'disposition')?.slice(0, 200) || 'none' },
  text: ({ found }) => `found ${found}; expected one of ${[...TYPES].join(', ')}`,
});
