import { type PublisherBehaviour, publishing } from '../behaviour.ts';

export const noTcp: PublisherBehaviour = {
  id: 'dns.no-tcp',
  title: 'answers DNS over UDP only',
  legal: false,
  publish: publishing(() => ({ transports: ['udp'] })),
};
