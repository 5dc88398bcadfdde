import { reportPartsFault } from '../message/facts/report.ts';
import { mdnRule } from './subject.ts';

export const parts = mdnRule({
  id: 'mdn/parts',
  title: 'An MDN has a text for people, its fields, and at most one part more',
  level: 'must',
  cites: ['REQ-MDN-04'],
  items: ({ entity }) => [entity],
  check: (entity) => reportPartsFault(entity, 'message/disposition-notification'),
  text: ({ types }) =>
    `found ${types.join(', ') || 'no part'}; expected text, then message/disposition-notification`,
});
