/**
 * Searches, as Bundles of type searchset, and reads by id (directory §3).
 *
 * @module
 */
import { type Reader, reachOf } from '../access.ts';
import { currentRevision, type Directory } from '../directory.ts';
import { type FhirResource, RESOURCE_TYPES, type ResourceType } from '../write/fhir-resources.ts';
import { withElements } from './elements.ts';
import { every, type Fragment, sql } from './fragment.ts';
import { handlesOf, type Mark } from './handles.ts';
import { included } from './include.ts';
import { type Issue, operationOutcome, problem } from './outcome.ts';
import { type Query, readQuery } from './query.ts';
import { builderOf } from './resources.ts';
import { rowOf, rowsOf, type Sight, sightOf } from './sight.ts';
import { rowOfThing, standing, wasThere } from './things.ts';

export interface BundleEntry {
  readonly fullUrl?: string;
  readonly resource: FhirResource | ReturnType<typeof operationOutcome>;
  readonly search: { readonly mode: 'match' | 'include' | 'outcome' };
}

export interface SearchBundle {
  readonly resourceType: 'Bundle';
  readonly type: 'searchset';
  readonly total?: number;
  readonly link: readonly { readonly relation: 'self' | 'next'; readonly url: string }[];
  readonly entry?: readonly BundleEntry[];
}

export interface SearchRequest {
  readonly reader: Reader;
  readonly type: ResourceType;
  /** Names and values of the query, decoded. */
  readonly pairs: readonly (readonly [name: string, value: string])[];
  /** Where the resources are served, without a slash at its end. */
  readonly base: string;
  /** Leaves out of account what is not known (`Prefer: handling=lenient`). */
  readonly lenient?: boolean;
}

export interface Found {
  readonly bundle: SearchBundle;
  /** Resources that matched, on this page. */
  readonly matches: number;
}

export const resourceType = (text: string): ResourceType | undefined =>
  RESOURCE_TYPES.find((type) => type === text);

/** @throws {FhirError} */
export function searchFhir(directory: Directory, request: SearchRequest): Found {
  const { reader, type, pairs, base, lenient = false } = request;
  const reach = reachOf(reader);
  const asked = pairs.find(([name]) => name === '_page')?.[1];
  const mark = asked === undefined ? undefined : markOf(directory, asked, request);
  const sight = sightOf(directory, reader, mark?.revision ?? currentRevision(directory));
  const query = readQuery(type, pairs, sight, { base, reach, lenient });
  const rows = standing(sight, type, every(query.criteria));
  const self = { relation: 'self' as const, url: urlOf(request, query, asked) };
  if (query.summary === 'count') {
    return { bundle: bundleOf(mark ? mark.total : count(sight, rows), [self], []), matches: 0 };
  }
  const given = mark?.given ?? 0;
  const room = Math.max(0, Math.min(query.count, reach.depth - given));
  const found = pageOf(sight, rows, {
    after: mark?.after ?? 0,
    limit: room + 1,
    counted: !mark && query.counted,
  });
  const total = mark ? mark.total : found.total;
  const numbers = found.numbers;
  const page = numbers.slice(0, room);
  const notes: Issue[] = [...query.ignored];
  const more = numbers.length > room;
  const last = page.at(-1);
  const next =
    more && last !== undefined && given + page.length < reach.depth
      ? urlOf(
          request,
          query,
          handlesOf(directory).seal(
            { revision: sight.revision, after: last, total, given: given + page.length },
            boundTo(request),
          ),
        )
      : undefined;
  if (more && next === undefined) notes.push(endOfReach(reach.depth, reader));

  const matches = builderOf(sight).build(type, page);
  const companions = included(sight, query, matches, notes);
  const entry = [
    ...matches.map((resource) => entryOf(base, withElements(resource, query), 'match')),
    ...companions.map((resource) => entryOf(base, resource, 'include')),
    ...(notes.length > 0
      ? [{ resource: operationOutcome(notes), search: { mode: 'outcome' as const } }]
      : []),
  ];
  const links = next === undefined ? [self] : [self, { relation: 'next' as const, url: next }];
  return { matches: matches.length, bundle: bundleOf(total, links, entry) };
}

const bundleOf = (
  total: number | undefined,
  link: SearchBundle['link'],
  entry: readonly BundleEntry[],
): SearchBundle => ({
  resourceType: 'Bundle',
  type: 'searchset',
  ...(total === undefined ? {} : { total }),
  link,
  // a list must not be empty
  ...(entry.length > 0 ? { entry } : {}),
});

/** The numbers of a page, and how many there are in all, by one look at the rows. */
function pageOf(
  sight: Sight,
  rows: Fragment,
  { after, limit, counted }: { after: number; limit: number; counted: boolean },
): { numbers: number[]; total: number | undefined } {
  if (!counted) {
    const found = rowsOf(sight, sql`select n from (${rows}) where n > ${after} order by n limit ${limit}`);
    return { numbers: found.map((row) => Number(row['n'])), total: undefined };
  }
  const found = rowsOf(
    sight,
    sql`with found as materialized (${rows}) select n, (select count(*) from found) as total from found order by n limit ${limit}`,
  );
  return { numbers: found.map((row) => Number(row['n'])), total: Number(found[0]?.['total'] ?? 0) };
}

const endOfReach = (depth: number, reader: Reader): Issue => ({
  severity: 'warning',
  code: 'too-costly',
  diagnostics: `There are more, but ${reader.kind === 'public' ? 'without a key' : 'without the right "bulk"'} a search ends after ${depth} results. Expected more criteria.`,
});

const entryOf = (base: string, resource: FhirResource, mode: 'match' | 'include'): BundleEntry => ({
  fullUrl: `${base}/${resource.resourceType}/${resource.id}`,
  resource,
  search: { mode },
});

const count = (sight: Sight, rows: Fragment): number =>
  Number(rowOf(sight, sql`select count(*) as count from (${rows})`)?.['count'] ?? 0);

/** What a mark holds good for: the same search by the same reader. */
function boundTo({ type, pairs, reader }: SearchRequest): string {
  const who = reader.kind === 'participant' ? `participant ${reader.id} ${reader.bulk}` : reader.kind;
  const asked = pairs.filter(([name]) => !['_page', '_format', '_pretty'].includes(name));
  return JSON.stringify([who, type, asked]);
}

function markOf(directory: Directory, text: string, request: SearchRequest): Mark {
  const mark = handlesOf(directory).unseal(text, boundTo(request));
  if (mark && mark.revision <= currentRevision(directory)) return mark;
  throw problem(
    400,
    'value',
    'Found a mark of a page that was not given for this search; expected the link "next" of an answer, unchanged.',
    'http._page',
  );
}

function urlOf({ base, type }: SearchRequest, { used }: Query, page: string | undefined): string {
  const params = new URLSearchParams(used.map(([name, value]): [string, string] => [name, value]));
  if (page !== undefined) params.append('_page', page);
  const text = params.toString();
  return `${base}/${type}${text === '' ? '' : `?${text}`}`;
}

/** @throws {FhirError} 404 for what never was there, or may not be seen; 410 for what was */
export function readFhir(directory: Directory, reader: Reader, type: ResourceType, id: string): FhirResource {
  const sight = sightOf(directory, reader);
  const thing = handlesOf(directory).thingOf(type, id);
  const n = thing && rowOfThing(sight, thing);
  const [found] = n === undefined ? [] : builderOf(sight).build(type, [n]);
  if (found) return found;
  if (thing && wasThere(sight, thing)) {
    throw problem(410, 'deleted', `${type}/${id} was in the directory and is not any more.`);
  }
  throw problem(
    404,
    'not-found',
    `There is no ${type} with the id "${id.slice(0, 64)}". Expected an id that a search gave.`,
  );
}
