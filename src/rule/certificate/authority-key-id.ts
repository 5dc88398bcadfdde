import { certificateRule, isSelfIssued } from './subject.ts';

export const authorityKeyId = certificateRule({
  id: 'certificate/authority-key-id',
  title: 'The certificate has an authority key identifier',
  level: 'should',
  cites: ['REQ-CERT-09'],
  applies: (subject) => !isSelfIssued(subject),
  check: ({ aki }) => (aki ? undefined : { extension: 'authorityKeyIdentifier' }),
  text: ({ extension }) => `found no ${extension}; with it, issuers of one name are told apart`,
});
