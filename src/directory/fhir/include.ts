/**
 * What comes with the matches: `_include` follows references, `_revinclude` finds what refers to them.
 *
 * @module
 */
import type { FhirResource } from '../write/fhir-resources.ts';
import { sql } from './fragment.ts';
import type { Issue } from './outcome.ts';
import { PARAMETERS } from './parameters.ts';
import type { Include, Query } from './query.ts';
import { builderOf } from './resources.ts';
import { rowsOf, type Sight } from './sight.ts';
import { rowOfThing, standing } from './things.ts';

/** Resources that come with a page, at most; more are told of. */
const ROOM = 1000;
/** Rounds of `:iterate`. */
const ROUNDS = 4;

/** Element of a resource that a parameter looks at, where it is called otherwise. */
const ELEMENT: Readonly<Record<string, string>> = {
  'Location organization': 'managingOrganization',
  'Endpoint organization': 'managingOrganization',
};

/** Each resource once, and none that is a match. Adds to `notes` when there was no room for all. */
export function included(
  sight: Sight,
  { includes }: Pick<Query, 'includes'>,
  matches: readonly FhirResource[],
  notes: Issue[],
): FhirResource[] {
  if (includes.length === 0) return [];
  const builder = builderOf(sight);
  const keyOf = ({ resourceType, id }: FhirResource): string => `${resourceType}/${id}`;
  const seen = new Set(matches.map(keyOf));
  const found: FhirResource[] = [];
  let crowded = false;
  const take = (resources: readonly FhirResource[]): FhirResource[] =>
    resources.filter((resource) => {
      if (seen.has(keyOf(resource))) return false;
      if (found.length >= ROOM) {
        crowded = true;
        return false;
      }
      seen.add(keyOf(resource));
      found.push(resource);
      return true;
    });
  let from: readonly FhirResource[] = matches;
  for (let round = 0; round < ROUNDS && from.length > 0; round++) {
    const fresh: FhirResource[] = [];
    for (const include of includes) {
      if (round > 0 && !include.iterate) continue;
      const room = ROOM - found.length + 1;
      const rows = include.reverse
        ? referring(sight, include, from, room)
        : referred(sight, include, from, seen, room);
      fresh.push(...take(builder.build(include.reverse ? include.source : include.target, rows)));
    }
    from = fresh;
  }
  if (crowded) {
    notes.push({
      severity: 'warning',
      code: 'incomplete',
      diagnostics: `At most ${ROOM} resources come with a page; there are more. Expected a smaller _count.`,
    });
  }
  return found;
}

function referred(
  sight: Sight,
  { source, parameter, target }: Include,
  from: readonly FhirResource[],
  seen: ReadonlySet<string>,
  room: number,
): number[] {
  const element = ELEMENT[`${source} ${parameter}`] ?? parameter;
  const wanted = new Set<string>();
  for (const resource of from) {
    if (resource.resourceType !== source) continue;
    for (const one of [resource[element]].flat() as readonly ({ reference?: string } | undefined)[]) {
      const reference = one?.reference;
      if (reference?.startsWith(`${target}/`) && !seen.has(reference)) wanted.add(reference);
    }
  }
  return [...wanted].slice(0, room).flatMap((reference) => {
    const thing = sight.handles.thingOf(target, reference.slice(target.length + 1));
    const n = thing && rowOfThing(sight, thing);
    return n === undefined ? [] : [n];
  });
}

function referring(
  sight: Sight,
  { source, parameter, target }: Include,
  from: readonly FhirResource[],
  room: number,
): number[] {
  const { condition } = PARAMETERS[source].get(parameter)!;
  const conditions = from
    .filter(({ resourceType }) => resourceType === target)
    .map(({ id }) =>
      condition({ kind: 'thing', thing: sight.handles.thingOf(target, id) }, sight, 'http._revinclude'),
    );
  const rows: number[] = [];
  // one by one: so each is found by its index
  for (const one of conditions) {
    if (rows.length >= room) break;
    const query = standing(sight, source, one);
    for (const row of rowsOf(sight, sql`select n from (${query}) order by n limit ${room}`)) {
      rows.push(Number(row['n']));
    }
  }
  return rows;
}
