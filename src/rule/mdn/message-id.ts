import { messageIdFault } from '../message/facts/report.ts';
import { mdnRule } from './subject.ts';

export const messageId = mdnRule({
  id: 'mdn/message-id',
  title: 'The Message-ID of an MDN has two halves',
  level: 'must',
  cites: ['REQ-MDN-13'],
  items: ({ entity }) => [entity],
  check: messageIdFault,
  text: ({ found }) => `found ${found}; expected an identifier such as <left@right>`,
});
