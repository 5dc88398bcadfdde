import { fieldValue } from '../../mail/report.ts';
import { recipientFault } from '../message/facts/report.ts';
import { mdnRule } from './subject.ts';

export const finalRecipient = mdnRule({
  id: 'mdn/final-recipient',
  title: 'Final-Recipient of an MDN is rfc822 and an address',
  level: 'must',
  cites: ['REQ-MDN-05', 'REQ-MDN-08'],
  items: ({ notice }) => [notice],
  check: ({ fields }) => recipientFault(fieldValue(fields, 'final-recipient')),
  text: ({ found }) => `found ${found}; expected rfc822; address@domain`,
});
