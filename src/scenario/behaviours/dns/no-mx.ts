import { inRecords, type PublisherBehaviour } from '../behaviour.ts';

export const noMx: PublisherBehaviour = {
  id: 'dns.no-mx',
  title: 'publishes no MX record and no address of the domain',
  legal: false,
  publish: inRecords((records) => records.filter(({ data }) => data.type !== 'MX')),
};
