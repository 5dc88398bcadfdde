import { bodyFaults } from './facts/content.ts';
import { differenceRule, inners } from './subject.ts';

export const bodyReadable = differenceRule({
  id: 'message/body-readable',
  title: 'The body of the message can be cut into its parts and decoded',
  level: 'must',
  cites: ['REQ-AS-36'],
  items: inners,
  check: (inner) => bodyFaults(inner)[0],
});
