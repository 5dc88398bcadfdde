import { canonicalName } from '../../dns/names.ts';
import { hostState, type ZoneSubject, zoneRule } from './subject.ts';

type Alias = { readonly name: string; readonly target: string };

/** As many as resolvers follow. */
const MOST = 8;

export const aliasEnd = zoneRule({
  id: 'zone/alias-end',
  title: 'An alias leads to records, not in a circle and not to nothing',
  level: 'should',
  cites: ['REQ-DNS-13', 'REQ-DNS-26'],
  items: aliases,
  where: ({ name }: Alias) => name,
  check: ({ target }, subject) => {
    const seen: string[] = [];
    for (let at = target; ; ) {
      if (seen.includes(at) || seen.length >= MOST) return { end: 'a circle', through: [...seen, at] };
      seen.push(at);
      const next = aliases(subject).find(({ name }) => name === at)?.target;
      if (next === undefined) return isThere(subject, at) ? undefined : { end: 'nothing', through: seen };
      at = next;
    }
  },
  text: ({ end, through }) => `found an alias that leads to ${end} by ${through.join(', ')}`,
});

function aliases({ zone }: ZoneSubject): Alias[] {
  return zone.records.flatMap(({ name, data }) =>
    data.type === 'CNAME' ? [{ name: canonicalName(name), target: canonicalName(data.target) }] : [],
  );
}

/** Whether the zone has records at the name, or does not know. */
function isThere(subject: ZoneSubject, name: string): boolean {
  if (hostState(subject, name) === 'outside') return true;
  const encloser = subject.tree.closestEncloser(name);
  const node = subject.tree.node(name) ?? subject.tree.node(encloser === '' ? '*' : `*.${encloser}`);
  return node !== undefined && node.sets.size > 0;
}
