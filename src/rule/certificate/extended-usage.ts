import { EKU } from '../../pki/oids.ts';
import { certificateRule, isDirect } from './subject.ts';

export const extendedUsage = certificateRule({
  id: 'certificate/extended-usage',
  title: 'Extended key usage, where present, has emailProtection',
  level: 'should',
  cites: ['REQ-CERT-04'],
  applies: (subject) => isDirect(subject) && subject.certificate.eku !== undefined,
  check: ({ eku }) => (eku!.includes(EKU.emailProtection) ? undefined : { found: eku! }),
  text: ({ found }) =>
    `found the purposes ${found.join(', ')}; expected emailProtection (${EKU.emailProtection})`,
});
