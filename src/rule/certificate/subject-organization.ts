import { nameValues } from '../../pki/name.ts';
import { certificateRule, isDirect } from './subject.ts';

export const subjectOrganization = certificateRule({
  id: 'certificate/subject-organization',
  title: 'The subject names the verified organization',
  level: 'should',
  cites: ['REQ-CERT-14'],
  applies: isDirect,
  check: ({ subject }) =>
    nameValues(subject, 'O').some((value) => value.trim() !== '')
      ? undefined
      : { subject: subject.rdns.length },
  text: () =>
    'found no organization (O) in the subject; the directory shows the organization that the certificate names',
});
