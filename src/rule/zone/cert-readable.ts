import { PKIX, type PublishedCert, zoneRule } from './subject.ts';

export const certReadable = zoneRule({
  id: 'zone/cert-readable',
  title: 'Every CERT record of type 1 holds a certificate that can be read',
  level: 'must',
  cites: ['REQ-DNS-06', 'REQ-DNS-04'],
  items: ({ certs }) => certs.filter(({ record }) => record.data.certType === PKIX),
  where: ({ name }: PublishedCert) => name,
  check: ({ unreadable }) => (unreadable === undefined ? undefined : { why: unreadable }),
  text: ({ why }) => `cannot be read as a certificate (${why}); discovery stops at it all the same`,
});
