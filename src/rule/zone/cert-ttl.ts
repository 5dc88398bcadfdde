import type { ResourceRecord } from '../../dns/records.ts';
import { zoneRule } from './subject.ts';

const LEAST = 300;
const MOST = 3600;

export const certTtl = zoneRule({
  id: 'zone/cert-ttl',
  title: 'Certificates and LDAP servers live 300 to 3600 seconds in caches',
  level: 'should',
  cites: ['REQ-DNS-15'],
  items: ({ certs, servers }) => [...certs.map(({ record }) => record), ...servers],
  where: (record: ResourceRecord) => record.name,
  check: ({ ttl, data }) => (ttl >= LEAST && ttl <= MOST ? undefined : { ttl, type: data.type }),
  text: ({ ttl, type }) => `found a TTL of ${ttl} s (${type}); expected ${LEAST} to ${MOST}`,
});
