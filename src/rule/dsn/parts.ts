import { reportPartsFault } from '../message/facts/report.ts';
import { dsnRule } from './subject.ts';

export const parts = dsnRule({
  id: 'dsn/parts',
  title: 'A DSN has a text for people, its fields, and at most one part more',
  level: 'must',
  cites: ['REQ-DN-12'],
  items: ({ entity }) => [entity],
  check: (entity) => reportPartsFault(entity, 'message/delivery-status'),
  text: ({ types }) => `found ${types.join(', ') || 'no part'}; expected text, then message/delivery-status`,
});
