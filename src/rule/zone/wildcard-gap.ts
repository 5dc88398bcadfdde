import { canonicalName, isBelow, parentName } from '../../dns/names.ts';
import type { ZoneSubject } from './subject.ts';
import { certSets, zoneRule } from './subject.ts';

export const wildcardGap = zoneRule({
  id: 'zone/wildcard-gap',
  title: 'No name, not even an empty one, makes a hole in a wildcard CERT',
  level: 'info',
  cites: ['REQ-DNS-12'],
  items: (subject) => certSets(subject).filter(({ name }) => name.startsWith('*.')),
  where: ({ name }: { readonly name: string }) => name,
  check: ({ name }, subject) => {
    const holes = holesUnder(subject, name.slice(2), name);
    return holes.length > 0 ? { holes: holes.slice(0, 20), count: holes.length } : undefined;
  },
  text: ({ holes, count }) =>
    `found ${count} names that exist without a certificate (${holes.join(', ')}): the wildcard does not answer for them`,
});

/** Names that exist, perhaps only because a name below them does, and have no CERT (RFC 4592). */
function holesUnder({ zone, tree }: ZoneSubject, domain: string, star: string): string[] {
  const found = new Set<string>();
  for (const record of zone.records) {
    let up = canonicalName(record.name);
    while (up !== domain && isBelow(up, domain)) {
      if (up !== star && !up.startsWith('_') && !tree.node(up)?.sets.has('CERT')) found.add(up);
      up = parentName(up)!;
    }
  }
  return [...found];
}
