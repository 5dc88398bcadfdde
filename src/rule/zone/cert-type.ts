import { PKIX, type PublishedCert, zoneRule } from './subject.ts';

export const certType = zoneRule({
  id: 'zone/cert-type',
  title: 'A certificate is published under CERT type 1 (PKIX)',
  level: 'must',
  cites: ['REQ-DNS-06'],
  items: ({ certs }) => certs.filter(({ certificate }) => certificate !== undefined),
  where: ({ name }: PublishedCert) => name,
  check: ({ record }) => (record.data.certType === PKIX ? undefined : { type: record.data.certType }),
  text: ({ type }) =>
    `found a certificate under CERT type ${type}, which nobody reads; expected type ${PKIX}`,
});
