import { FIELD_FAULTS } from './facts/header.ts';
import { differenceRule, headers, whereOf } from './subject.ts';

export const mimeVersion = differenceRule({
  id: 'message/mime-version',
  title: 'MIME-Version is 1.0',
  level: 'must',
  cites: ['REQ-AS-38'],
  items: headers,
  where: whereOf,
  check: ({ entity }) => FIELD_FAULTS['MIME-Version'](entity),
});
