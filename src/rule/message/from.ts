import { FIELD_FAULTS } from './facts/header.ts';
import { differenceRule, headers, whereOf } from './subject.ts';

export const from = differenceRule({
  id: 'message/from',
  title: 'From is one address',
  level: 'must',
  cites: ['REQ-AS-38', 'REQ-AS-01'],
  items: headers,
  where: whereOf,
  check: ({ entity }) => FIELD_FAULTS.From(entity),
});
