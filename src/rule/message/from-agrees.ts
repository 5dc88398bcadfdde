import { outerFromFault } from './facts/header.ts';
import { both, differenceRule } from './subject.ts';

export const fromAgrees = differenceRule({
  id: 'message/from-agrees',
  title: 'From is the same outside and inside',
  level: 'must',
  cites: ['REQ-AS-14'],
  items: both,
  check: ({ outer, inner }) => outerFromFault(outer, inner),
});
