import { messageIdKey } from '../../mail/message-id.ts';
import { CONTEXT, contextPart as named } from './facts/content.ts';
import { inners, messageRule } from './subject.ts';

export const contextPart = messageRule({
  id: 'message/context-part',
  title: 'X-Direct-Context names a part of the message',
  level: 'must',
  cites: ['REQ-CTX-01'],
  items: (subject) => inners(subject).filter(({ header }) => header(CONTEXT) !== undefined),
  check: (inner) => (named(inner) ? undefined : { id: messageIdKey(inner.header(CONTEXT)) ?? 'nothing' }),
  text: ({ id }) => `found ${id}, which is the Content-ID of no part`,
});
