import { fieldValue } from '../../mail/report.ts';
import { recipientFault } from '../message/facts/report.ts';
import { dsnRule } from './subject.ts';

export const finalRecipient = dsnRule({
  id: 'dsn/final-recipient',
  title: 'Final-Recipient of a DSN is rfc822 and an address',
  level: 'must',
  cites: ['REQ-DN-12'],
  items: ({ notice }) => notice.recipients,
  check: ({ fields }) => recipientFault(fieldValue(fields, 'final-recipient')),
  text: ({ found }) => `found ${found}; expected rfc822; address@domain`,
});
