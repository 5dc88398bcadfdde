import { messageRule } from './subject.ts';

export const wrapped = messageRule({
  id: 'message/wrapped',
  title: 'What is signed is the whole message, as message/rfc822',
  level: 'must',
  cites: ['REQ-AS-12', 'REQ-AS-44'],
  items: ({ signature, content }) => ('value' in signature && 'value' in content ? [content.value] : []),
  check: ({ contentType: { type } }) => (type === 'message/rfc822' ? undefined : { type }),
  text: ({ type }) => `found ${type}; expected message/rfc822`,
});
