import { fieldValue } from '../../mail/report.ts';
import { dsnRule } from './subject.ts';

export const status = dsnRule({
  id: 'dsn/status',
  title: 'Status of every recipient is a code of three numbers',
  level: 'must',
  cites: ['REQ-DN-12'],
  items: ({ notice }) => notice.recipients,
  check: (recipient) =>
    recipient.status === undefined
      ? { found: fieldValue(recipient.fields, 'status')?.slice(0, 100) || 'none' }
      : undefined,
  text: ({ found }) => `found ${found}; expected a code such as 5.1.1`,
});
