import { wrappingFault } from './facts/content.ts';
import { contents, differenceRule } from './subject.ts';

export const wrappedEncoding = differenceRule({
  id: 'message/wrapped-encoding',
  title: 'The wrapped message has a transfer encoding that peers can undo',
  level: 'must',
  cites: ['REQ-AS-17', 'REQ-AS-43'],
  items: (subject) => contents(subject).filter(({ contentType }) => contentType.type === 'message/rfc822'),
  check: wrappingFault,
});
