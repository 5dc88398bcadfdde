import type { Certificate } from '../../pki/certificate.ts';
import { certAlgorithm as algorithmOf } from '../../pki/key-tag.ts';
import { type PublishedCert, usableCerts, zoneRule } from './subject.ts';

const RSA: ReadonlySet<number> = new Set([5, 7, 8, 10]);

export const certAlgorithm = zoneRule({
  id: 'zone/cert-algorithm',
  title: 'The algorithm of a CERT record is that of the key, or 0',
  level: 'should',
  cites: ['REQ-DNS-17'],
  items: usableCerts,
  where: ({ name }: PublishedCert & { readonly certificate: Certificate }) => name,
  check: ({ record, certificate }) => {
    const found = record.data.algorithm;
    const wanted = algorithmOf(certificate);
    const fits =
      found === 0 || found === wanted || (certificate.key.kind === 'rsa' && wanted !== 0 && RSA.has(found));
    return fits ? undefined : { found, wanted };
  },
  text: ({ found, wanted }) => `found algorithm ${found}; expected ${wanted}, or 0 for unknown`,
});
