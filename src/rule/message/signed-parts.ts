import { readableParts } from './facts/content.ts';
import { messageRule } from './subject.ts';

export const signedParts = messageRule({
  id: 'message/signed-parts',
  title: 'The parts of multipart/signed are two: content and signature',
  level: 'must',
  cites: ['REQ-AS-09'],
  items: ({ opened }) =>
    'value' in opened && opened.value.contentType.type === 'multipart/signed' ? [opened.value] : [],
  check: (entity) => {
    const types = readableParts(entity).map(({ contentType }) => contentType.type);
    const good = types.length === 2 && /^application\/(x-)?pkcs7-signature$/.test(types[1]!);
    return good ? undefined : { types };
  },
  text: ({ types }) => `found ${types.join(', ') || 'no part'}; expected the content, then its signature`,
});
