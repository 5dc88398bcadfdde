import { inCertificates, type PublisherBehaviour } from '../behaviour.ts';

export const wrongSan: PublisherBehaviour = {
  id: 'cert.wrong-san',
  title: 'publishes, at the right place, certificates that are bound to somebody else',
  legal: false,
  publish: inCertificates((certificate, domain) => ({
    ...certificate,
    for: [certificate.for]
      .flat()
      .map((name) => (name.includes('@') ? `stranger@${domain}` : `other.${domain}`)),
  })),
};
