import { inRecords, type PublisherBehaviour } from '../behaviour.ts';

export const unpublished: PublisherBehaviour = {
  id: 'cert.unpublished',
  title: 'publishes no certificate in DNS',
  legal: false,
  publish: inRecords((records) => records.filter(({ data }) => data.type !== 'CERT')),
};
