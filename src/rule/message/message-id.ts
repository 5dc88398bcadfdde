import { FIELD_FAULTS } from './facts/header.ts';
import { differenceRule, headers, whereOf } from './subject.ts';

export const messageId = differenceRule({
  id: 'message/message-id',
  title: 'Message-ID is an identifier',
  level: 'must',
  cites: ['REQ-AS-38'],
  items: headers,
  where: whereOf,
  check: ({ entity }) => FIELD_FAULTS['Message-ID'](entity),
});
