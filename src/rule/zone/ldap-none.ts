import { canonicalName } from '../../dns/names.ts';
import type { SrvData } from '../../dns/records.ts';
import { type ZoneSubject, zoneRule } from './subject.ts';

type Group = { readonly name: string; readonly targets: readonly string[] };

export const ldapNone = zoneRule({
  id: 'zone/ldap-none',
  title: 'The target "." (no LDAP here) stands alone',
  level: 'should',
  cites: ['REQ-DNS-18'],
  items: (subject) => groups(subject).filter(({ targets }) => targets.includes('')),
  where: ({ name }: Group) => name,
  check: ({ targets }) =>
    targets.length > 1 ? { others: targets.filter((target) => target !== '') } : undefined,
  text: ({ others }) =>
    `found "." beside ${others.join(', ') || 'another "."'}; it means that there is no server at all`,
});

const groups = ({ servers }: ZoneSubject): Group[] =>
  [...Map.groupBy(servers, ({ name }) => canonicalName(name))].map(([name, records]) => ({
    name,
    targets: records.map(({ data }: { readonly data: SrvData }) => data.target),
  }));
