import { certificateRule } from './subject.ts';

export const version = certificateRule({
  id: 'certificate/version',
  title: 'The certificate is of version 3',
  level: 'must',
  cites: ['REQ-CERT-01'],
  check: (certificate) => (certificate.version === 3 ? undefined : { version: certificate.version }),
  text: ({ version }) => `found version ${version}; expected 3, the only one with extensions`,
});
