import { inCertificates, type PublisherBehaviour } from '../behaviour.ts';

export const addressCertAtDomain: PublisherBehaviour = {
  id: 'cert.address-cert-at-domain',
  title: 'publishes the certificate of one user, alice, where that of the domain belongs',
  legal: false,
  publish: inCertificates((certificate, domain) => ({
    ...certificate,
    for: [certificate.for].flat().map((name) => (name === domain ? `alice@${domain}` : name)),
  })),
};
