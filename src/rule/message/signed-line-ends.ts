import { toCrlf } from '../../mail/canonical.ts';
import { messageRule, signatures } from './subject.ts';

export const signedLineEnds = messageRule({
  id: 'message/signed-line-ends',
  title: 'What is signed has CRLF line ends',
  level: 'must',
  cites: ['REQ-AS-17'],
  items: signatures,
  check: ({ content }) => {
    const bare = toCrlf(content).length - content.length;
    return bare > 0 ? { bare } : undefined;
  },
  text: ({ bare }) =>
    `found ${bare} line ends that are not CRLF; a mail server that mends them breaks the signature`,
});
