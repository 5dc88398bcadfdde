import { FIELD_FAULTS } from './facts/header.ts';
import { differenceRule, headers, whereOf } from './subject.ts';

export const recipients = differenceRule({
  id: 'message/recipients',
  title: 'To or Cc name somebody',
  level: 'must',
  cites: ['REQ-AS-38'],
  items: headers,
  where: whereOf,
  check: ({ entity }) => FIELD_FAULTS.To(entity),
});
