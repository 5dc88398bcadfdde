import { certSets, PKIX, type PublishedCert, zoneRule } from './subject.ts';

const URLS: ReadonlySet<number> = new Set([4, 253]);

export const certUrlOnly = zoneRule({
  id: 'zone/cert-url-only',
  title: 'Where a CERT record holds a URL, the certificate itself is published too',
  level: 'should',
  cites: ['REQ-DNS-16', 'REQ-DNS-06'],
  items: (subject) =>
    certSets(subject).filter(({ certs }) => certs.some(({ record }) => URLS.has(record.data.certType))),
  where: ({ name }: { readonly name: string; readonly certs: readonly PublishedCert[] }) => name,
  check: ({ certs }) => {
    const types = certs.map(({ record }) => record.data.certType);
    return types.includes(PKIX) ? undefined : { types: types.map(String) };
  },
  text: ({ types }) =>
    `found only CERT type ${types.join(', ')}; many peers read no URLs, so publish type ${PKIX} as well`,
});
