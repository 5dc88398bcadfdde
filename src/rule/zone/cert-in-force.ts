import type { Certificate } from '../../pki/certificate.ts';
import { type PublishedCert, usableCerts, zoneRule } from './subject.ts';

export const certInForce = zoneRule({
  id: 'zone/cert-in-force',
  title: 'Every published certificate is in force',
  level: 'should',
  cites: ['REQ-DNS-05'],
  items: usableCerts,
  where: ({ name }: PublishedCert & { readonly certificate: Certificate }) => name,
  check: ({ certificate }, _, { at }) => {
    if (at > certificate.notAfter) return { state: 'expired', day: day(certificate.notAfter) };
    return at < certificate.notBefore
      ? { state: 'not yet valid', day: day(certificate.notBefore) }
      : undefined;
  },
  text: ({ state, day: when }) => `found a certificate that is ${state} (${when}); take it away`,
});

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
