import { canonicalName } from '../../dns/names.ts';
import type { ResourceRecord } from '../../dns/records.ts';
import { fitsName, usableCerts, type ZoneSubject, zoneRule } from './subject.ts';

type Alias = { readonly name: string; readonly target: string };

export const aliasBinding = zoneRule({
  id: 'zone/alias-binding',
  title: 'Behind an alias stands a certificate for the name that was asked',
  level: 'should',
  cites: ['REQ-DNS-13', 'REQ-DNS-14'],
  items: (subject) => aliases(subject).filter(({ target }) => certsAt(subject, target).length > 0),
  where: ({ name }: Alias) => name,
  check: ({ name, target }, subject) =>
    certsAt(subject, target).some(({ certificate }) => fitsName(certificate, name, subject.zone.origin))
      ? undefined
      : { target },
  text: ({ target }) => `found an alias of ${target}, whose certificates belong to somebody else`,
});

const aliases = ({ zone }: ZoneSubject): Alias[] =>
  zone.records.flatMap(({ name, data }: ResourceRecord) =>
    data.type === 'CNAME' ? [{ name: canonicalName(name), target: canonicalName(data.target) }] : [],
  );

const certsAt = (subject: ZoneSubject, name: string) =>
  usableCerts(subject).filter((cert) => cert.name === name);
