import { certificateRule } from './subject.ts';

export const criticalKnown = certificateRule({
  id: 'certificate/critical-known',
  title: 'No critical extension is unknown to those who validate paths',
  level: 'must',
  cites: ['REQ-AS-35'],
  applies: ({ certificate }) => certificate.extensions.some((extension) => extension.critical),
  check: ({ criticalUnknown }) => (criticalUnknown.length === 0 ? undefined : { oids: criticalUnknown }),
  text: ({ oids }) =>
    `found critical extension ${oids.join(', ')}; who does not know it has to refuse the certificate`,
});
