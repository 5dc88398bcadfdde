import { mimeFaults } from './facts/content.ts';
import { differenceRule, inners } from './subject.ts';

export const mimeFields = differenceRule({
  id: 'message/mime-fields',
  title: 'Media type and transfer encoding of the message can be understood',
  level: 'must',
  cites: ['REQ-AS-36', 'REQ-AS-17'],
  items: inners,
  check: (inner) => mimeFaults(inner)[0],
});
