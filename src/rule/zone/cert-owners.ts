import { certSets, type PublishedCert, zoneRule } from './subject.ts';

export const certOwners = zoneRule({
  id: 'zone/cert-owners',
  title: 'The certificates of one name belong to one address',
  level: 'info',
  cites: ['REQ-DNS-14'],
  items: (subject) => certSets(subject).filter(({ certs }) => certs.length > 1),
  where: ({ name }: { readonly name: string; readonly certs: readonly PublishedCert[] }) => name,
  check: ({ certs }) => {
    const owners = new Set(
      certs.flatMap(({ certificate }) => certificate?.emails ?? []).map((e) => e.toLowerCase()),
    );
    return owners.size > 1 ? { owners: [...owners] } : undefined;
  },
  text: ({ owners }) =>
    `found certificates of ${owners.join(', ')}, whose addresses share this name; each peer has to tell them apart`,
});
