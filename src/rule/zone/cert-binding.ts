import type { Certificate } from '../../pki/certificate.ts';
import { fitsName, type PublishedCert, usableCerts, zoneRule } from './subject.ts';

export const certBinding = zoneRule({
  id: 'zone/cert-binding',
  title: 'A certificate stands at the name of its address or of its domain',
  level: 'must',
  cites: ['REQ-DNS-02', 'REQ-DNS-14'],
  items: usableCerts,
  where: ({ name }: PublishedCert & { readonly certificate: Certificate }) => name,
  check: ({ name, certificate }, { zone }) =>
    fitsName(certificate, name, zone.origin)
      ? undefined
      : { names: [...certificate.emails, ...certificate.dnsNames] },
  text: ({ names }) =>
    `found a certificate for ${names.join(', ') || 'nobody'}; whoever is looked for at this name is somebody else`,
});
