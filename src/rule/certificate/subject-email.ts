import { certificateRule, isDirect } from './subject.ts';

export const subjectEmail = certificateRule({
  id: 'certificate/subject-email',
  title: 'An e-mail address in the subject is the one of the alternative name',
  level: { '1.2': 'must', '1.3': 'should' },
  cites: ['REQ-AS-05'],
  applies: (subject) =>
    isDirect(subject) &&
    subject.certificate.subjectEmails.length > 0 &&
    subject.certificate.emails.length > 0,
  check: ({ subjectEmails, emails }) => {
    const named = new Set(emails.map((email) => email.toLowerCase()));
    const found = subjectEmails.find((email) => !named.has(email.toLowerCase()));
    return found === undefined ? undefined : { found, wanted: emails };
  },
  text: ({ found, wanted }) => `found ${found} in the subject and ${wanted.join(', ')} as alternative name`,
});
