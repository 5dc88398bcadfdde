import { messageRule } from './subject.ts';

export const signedAttributes = messageRule({
  id: 'message/signed-attributes',
  title: 'The attributes contentType and messageDigest are signed',
  level: 'must',
  cites: ['REQ-AS-18'],
  items: ({ signature }) => ('value' in signature ? signature.value.verdicts : []),
  check: ({ signer }) => (signer.signedAttributes ? undefined : { attributes: 0 }),
  text: ({ attributes }) => `found ${attributes} signed attributes; expected contentType and messageDigest`,
});
