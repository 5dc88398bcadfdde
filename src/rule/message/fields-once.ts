import { repeatedFields } from './facts/header.ts';
import { differenceRule, headers, whereOf } from './subject.ts';

export const fieldsOnce = differenceRule({
  id: 'message/fields-once',
  title: 'Fields of which there is one stand once',
  level: 'must',
  cites: ['REQ-AS-38'],
  items: headers,
  where: whereOf,
  check: ({ entity }) => repeatedFields(entity)[0],
});
