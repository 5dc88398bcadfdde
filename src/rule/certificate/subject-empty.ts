import { isEmptyName } from '../../pki/name.ts';
import { EXT } from '../../pki/oids.ts';
import { certificateRule } from './subject.ts';

export const subjectEmpty = certificateRule({
  id: 'certificate/subject-empty',
  title: 'With an empty subject, the alternative name is there and critical',
  level: 'must',
  cites: ['REQ-CERT-02'],
  applies: ({ certificate }) => isEmptyName(certificate.subject),
  check: ({ extensions }) => {
    const san = extensions.find(({ oid }) => oid === EXT.subjectAltName);
    return san?.critical ? undefined : { present: san !== undefined };
  },
  text: ({ present }) =>
    `found an empty subject and ${present ? 'an alternative name that is not critical' : 'no alternative name'}`,
});
