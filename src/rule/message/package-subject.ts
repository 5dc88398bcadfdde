import { hasZip, XDM_SUBJECT } from './facts/content.ts';
import { inners, messageRule } from './subject.ts';

export const packageSubject = messageRule({
  id: 'message/package-subject',
  title: 'A message with a package of documents says so in its Subject',
  level: 'should',
  cites: ['REQ-AS-37'],
  items: (subject) => inners(subject).filter(hasZip),
  check: (inner) =>
    (inner.header('subject') ?? '').includes(XDM_SUBJECT) ? undefined : { expected: XDM_SUBJECT },
  text: ({ expected }) => `found a zip file under a Subject without ${expected}`,
});
