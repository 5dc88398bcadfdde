import { identityText } from '../../cms/identity.ts';
import { messageRule } from './subject.ts';

export const signerCertificate = messageRule({
  id: 'message/signer-certificate',
  title: 'The certificate of every signer is in the message',
  level: 'must',
  cites: ['REQ-AS-18'],
  items: ({ signature }) => ('value' in signature ? signature.value.verdicts : []),
  check: ({ certificate, signer }) => (certificate ? undefined : { signer: identityText(signer.identity) }),
  text: ({ signer }) => `the certificate of the signer (${signer}) is not with the signature`,
});
