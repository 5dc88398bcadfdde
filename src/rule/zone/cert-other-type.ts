import { PKIX, type PublishedCert, zoneRule } from './subject.ts';

const URLS: ReadonlySet<number> = new Set([4, 253]);

export const certOtherType = zoneRule({
  id: 'zone/cert-other-type',
  title: 'CERT records are of a type that Direct has a use for',
  level: 'info',
  cites: ['REQ-DNS-06'],
  items: ({ certs }) => certs.filter(({ certificate }) => certificate === undefined),
  where: ({ name }: PublishedCert) => name,
  check: ({ record: { data } }) =>
    data.certType === PKIX || URLS.has(data.certType) ? undefined : { type: data.certType },
  text: ({ type }) => `found CERT type ${type}, which discovery ignores`,
});
