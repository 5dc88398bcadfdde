import { certificateRule } from './subject.ts';

export const subjectKeyId = certificateRule({
  id: 'certificate/subject-key-id',
  title: 'The certificate has a subject key identifier',
  level: 'should',
  cites: ['REQ-CERT-09'],
  applies: ({ role }) => role !== 'service',
  check: ({ ski }) => (ski ? undefined : { extension: 'subjectKeyIdentifier' }),
  text: ({ extension }) => `found no ${extension}; with it, issuers of one name are told apart`,
});
