import { inCertificates, type PublisherBehaviour } from '../behaviour.ts';

export const expired: PublisherBehaviour = {
  id: 'cert.expired',
  title: 'goes on publishing certificates that have expired',
  legal: false,
  publish: inCertificates((certificate) => ({
    ...certificate,
    faults: [...certificate.faults, 'expired'],
  })),
};
