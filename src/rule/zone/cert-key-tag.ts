import type { Certificate } from '../../pki/certificate.ts';
import { keyTag } from '../../pki/key-tag.ts';
import { type PublishedCert, usableCerts, zoneRule } from './subject.ts';

export const certKeyTag = zoneRule({
  id: 'zone/cert-key-tag',
  title: 'The key tag of a CERT record is that of the key, or 0',
  level: 'should',
  cites: ['REQ-DNS-17'],
  items: usableCerts,
  where: ({ name }: PublishedCert & { readonly certificate: Certificate }) => name,
  check: ({ record: { data }, certificate }) => {
    const wanted = keyTag(certificate, data.algorithm);
    return data.keyTag === 0 || data.keyTag === wanted ? undefined : { found: data.keyTag, wanted };
  },
  text: ({ found, wanted }) => `found key tag ${found}; expected ${wanted}, or 0 for unknown`,
});
