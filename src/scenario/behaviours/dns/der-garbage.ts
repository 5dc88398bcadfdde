import { inRecords, type PublisherBehaviour } from '../behaviour.ts';

export const derGarbage: PublisherBehaviour = {
  id: 'dns.der-garbage',
  title: 'publishes CERT records whose octets are no certificate (cut off in the middle)',
  legal: false,
  publish: inRecords((records) =>
    records.map((record) => {
      const { data } = record;
      if (data.type !== 'CERT') return record;
      const half = data.payload.subarray(0, data.payload.length >> 1);
      return { ...record, data: { ...data, payload: half } };
    }),
  ),
};
