import { certificateRule } from './subject.ts';

export const extensionsReadable = certificateRule({
  id: 'certificate/extensions-readable',
  title: 'Every known extension can be read',
  level: 'must',
  cites: ['REQ-CERT-01'],
  applies: ({ certificate }) => certificate.extensions.length > 0,
  check: ({ malformed }) => (malformed.length === 0 ? undefined : { oids: malformed }),
  text: ({ oids }) =>
    `cannot read extension ${oids.join(', ')}; those who need it will act as if it were absent`,
});
