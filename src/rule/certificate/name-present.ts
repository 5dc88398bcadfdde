import { certificateRule, isDirect } from './subject.ts';

export const namePresent = certificateRule({
  id: 'certificate/name-present',
  title: 'The certificate names its address or its domain as alternative name',
  level: 'must',
  cites: ['REQ-AS-04', 'REQ-CERT-02'],
  applies: isDirect,
  check: ({ emails, dnsNames, subjectEmails }) =>
    emails.length + dnsNames.length > 0 ? undefined : { subjectEmails },
  text: ({ subjectEmails }) =>
    subjectEmails.length > 0
      ? `found ${subjectEmails.join(', ')} in the subject only, which binds nobody; expected a subject alternative name`
      : 'found no rfc822Name and no dNSName; expected one of them as subject alternative name',
});
