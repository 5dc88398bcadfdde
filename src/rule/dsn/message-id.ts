import { messageIdFault } from '../message/facts/report.ts';
import { dsnRule } from './subject.ts';

export const messageId = dsnRule({
  id: 'dsn/message-id',
  title: 'The Message-ID of a DSN has two halves',
  level: 'must',
  cites: ['REQ-AS-38'],
  items: ({ entity }) => [entity],
  check: messageIdFault,
  text: ({ found }) => `found ${found}; expected an identifier such as <left@right>`,
});
