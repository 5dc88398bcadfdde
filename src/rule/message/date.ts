import { FIELD_FAULTS } from './facts/header.ts';
import { differenceRule, headers, whereOf } from './subject.ts';

export const date = differenceRule({
  id: 'message/date',
  title: 'Date is a date',
  level: 'must',
  cites: ['REQ-AS-38'],
  items: headers,
  where: whereOf,
  check: ({ entity }) => FIELD_FAULTS.Date(entity),
});
