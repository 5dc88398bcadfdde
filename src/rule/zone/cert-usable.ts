import { certSets, PKIX, type PublishedCert, zoneRule } from './subject.ts';

export const certUsable = zoneRule({
  id: 'zone/cert-usable',
  title: 'A name with certificates has one that is in force',
  level: 'must',
  cites: ['REQ-DNS-04'],
  items: (subject) =>
    certSets(subject).filter(({ certs }) => certs.some(({ record }) => record.data.certType === PKIX)),
  where: ({ name }: { readonly name: string; readonly certs: readonly PublishedCert[] }) => name,
  check: ({ certs }, _, { at }) => {
    const there = certs.filter(({ record }) => record.data.certType === PKIX);
    const good = there.some(
      ({ certificate }) => certificate && at >= certificate.notBefore && at <= certificate.notAfter,
    );
    return good ? undefined : { records: there.length };
  },
  text: ({ records }) =>
    `found ${records} CERT records and none that is in force: discovery stops here, and goes neither to the domain nor to LDAP`,
});
