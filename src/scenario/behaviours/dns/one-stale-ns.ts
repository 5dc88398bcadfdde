import type { ResourceRecord } from '../../../dns/records.ts';
import { buildZone } from '../../../dns/zone.ts';
import { type PublisherBehaviour, publishing } from '../behaviour.ts';

/** How many versions the second server is behind. */
const BEHIND = 100;
const YET = { type: 'TXT', strings: [Buffer.from('certificate to follow')] } as const;

const older = (record: ResourceRecord): ResourceRecord => {
  switch (record.data.type) {
    case 'SOA':
      return { ...record, data: { ...record.data, serial: record.data.serial - BEHIND } };
    case 'CERT':
      return { ...record, data: YET };
    default:
      return record;
  }
};

export const oneStaleNs: PublisherBehaviour = {
  id: 'dns.one-stale-ns',
  title: 'has a second name server with an older version of the zone, from before its certificates',
  legal: false,
  publish: publishing(({ secondary }) => ({
    secondary: (zone) => {
      const { origin, records } = secondary(zone);
      return buildZone(origin, records.map(older));
    },
  })),
};
