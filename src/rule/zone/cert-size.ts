import { certSets, type PublishedCert, zoneRule } from './subject.ts';

/** A DNS message over TCP has 65,535 octets at most; owner names, header and signatures need some. */
const MOST = 60_000;
const RECORD = 17;

export const certSize = zoneRule({
  id: 'zone/cert-size',
  title: 'All certificates of a name fit into one answer',
  level: 'must',
  cites: ['REQ-DNS-07'],
  items: certSets,
  where: ({ name }: { readonly name: string; readonly certs: readonly PublishedCert[] }) => name,
  check: ({ certs }) => {
    const octets = certs.reduce((sum, { record }) => sum + record.data.payload.length + RECORD, 0);
    return octets > MOST ? { octets, records: certs.length } : undefined;
  },
  text: ({ octets, records }) =>
    `found ${records} records of ${octets} octets together; no answer, not even over TCP, can hold them`,
});
