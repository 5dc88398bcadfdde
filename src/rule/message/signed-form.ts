import { messageRule } from './subject.ts';

export const signedForm = messageRule({
  id: 'message/signed-form',
  title: 'The signature stands beside what is signed, in multipart/signed',
  level: 'must',
  cites: ['REQ-AS-09'],
  items: ({ opened, signature }) => ('value' in opened && 'value' in signature ? [opened.value] : []),
  check: ({ contentType: { type } }) => (type === 'multipart/signed' ? undefined : { type }),
  text: ({ type }) => `found ${type}; expected multipart/signed of two parts`,
});
