/**
 * How each type of resource lies in the tables: which rows are one thing, and which row speaks for it now.
 *
 * An organization is what a contributor calls by one ORG_UID, a practitioner what it calls by one PROV_UID: the newest
 * version that an entry refers to speaks for it. An entry is a PractitionerRole and its Endpoint. A location is an
 * address of an organization.
 *
 * @module
 */
import type { SqlRow } from '../../store/handle.ts';
import type { ResourceType } from '../write/fhir-resources.ts';
import { every, type Fragment, raw, sql } from './fragment.ts';
import type { Thing } from './handles.ts';
import { entriesOfAnyTime, entriesSeen, rowOf, rowsOf, type Sight } from './sight.ts';

/** Tables of versions. */
export const VERSIONED = {
  Organization: { table: 'directory_organization', uid: 'org_uid', link: 'organization' },
  Practitioner: { table: 'directory_practitioner', uid: 'prov_uid', link: 'practitioner' },
} as const;

export type Versioned = keyof typeof VERSIONED;

export const isVersioned = (type: ResourceType): type is Versioned => type in VERSIONED;

/** What a search of a type names its rows: versions are `b`, entries `r`. */
export const aliasOf = (type: ResourceType): 'b' | 'r' => (isVersioned(type) ? 'b' : 'r');

/** Row numbers of all versions of an organization or practitioner, by one of them. */
export function versions(type: Versioned, first: number): Fragment {
  const { table, uid } = VERSIONED[type];
  return sql`select v.n from ${raw(table)} f join ${raw(table)} v on v.${raw(uid)} = f.${raw(uid)} and v.contributor = f.contributor where f.n = ${first}`;
}

/** Row numbers of all versions of an entry, by one of them. */
const entryVersions = (first: number): Fragment =>
  sql`select v.n from directory_role f join directory_role v on v.endpoint = f.endpoint and v.contributor = f.contributor
    left join directory_practitioner fp on fp.n = f.practitioner left join directory_practitioner vp on vp.n = v.practitioner
    left join directory_organization fo on fo.n = f.organization left join directory_organization vo on vo.n = v.organization
    where f.n = ${first} and fp.prov_uid is vp.prov_uid and fo.org_uid is vo.org_uid`;

/** Condition on entries `r`: they refer to the thing, or are it. */
export function refersTo({ type, first, place }: Thing): Fragment {
  switch (type) {
    case 'Organization':
    case 'Practitioner':
      return sql`r.${raw(VERSIONED[type].link)} in (${versions(type, first)})`;
    case 'Location':
      return sql`r.location = ${place} and ${first === 0 ? raw('r.organization is null') : sql`r.organization in (${versions('Organization', first)})`}`;
    case 'PractitionerRole':
    case 'Endpoint':
      return sql`r.n in (${entryVersions(first)})`;
  }
}

/** Condition on the rows that a search of `type` looks at: they are the thing. */
export function isThing(thing: Thing): Fragment {
  return isVersioned(thing.type) ? sql`b.n in (${versions(thing.type, thing.first)})` : refersTo(thing);
}

/** Versions `b` that are seen, and speak for their thing. */
export function speaking(sight: Sight, type: Versioned, where: Fragment): Fragment {
  const { table, uid, link } = VERSIONED[type];
  const used = (alias: string): Fragment =>
    sql`exists (${entriesSeen(sight, '1', raw(`r.${link} = ${alias}.n`))})`;
  const newer = sql`select 1 from ${raw(table)} b2 where b2.${raw(uid)} = b.${raw(uid)} and b2.contributor = b.contributor and b2.n > b.n and ${used('b2')}`;
  return sql`select b.n as n from ${raw(table)} b where ${every([where, sql`b.tenant = ${sight.directory.tenant}`, used('b'), sql`not exists (${newer})`])}`;
}

/** Row numbers that stand for resources of a type: what a search goes through, with its order in `n`. */
export function standing(sight: Sight, type: ResourceType, where: Fragment): Fragment {
  if (isVersioned(type)) return speaking(sight, type, where);
  if (type === 'Location') {
    // an address without any value is none
    return sql`${entriesSeen(sight, 'min(r.n) as n', every([where, raw('r.location is not null')]))} group by r.contributor, o.org_uid, r.location`;
  }
  return entriesSeen(sight, 'r.n as n', where);
}

/** The row that stands for a thing now; undefined: it is not there, or not seen. */
export function rowOfThing(sight: Sight, thing: Thing): number | undefined {
  const row = rowOf(sight, sql`${standing(sight, thing.type, isThing(thing))} limit 1`);
  return row ? Number(row['n']) : undefined;
}

/** Whether the reader would have seen the thing at some time. */
export const wasThere = (sight: Sight, thing: Thing): boolean =>
  rowOf(sight, sql`${entriesOfAnyTime(sight, refersTo(thing))} limit 1`) !== undefined;

/** First version of an organization or practitioner. */
export function firstVersion(sight: Sight, type: Versioned, n: number): number {
  return Number(rowOf(sight, sql`select min(n) as n from (${versions(type, n)})`)!['n']);
}

export function firstEntry(sight: Sight, n: number): number {
  return Number(rowOf(sight, sql`select min(n) as n from (${entryVersions(n)})`)!['n']);
}

/** Rows by their numbers, in that order. */
export function inOrder(sight: Sight, ns: readonly number[], query: (list: Fragment) => Fragment): SqlRow[] {
  const found = new Map(
    rowsOf(sight, query(sql`select value from json_each(${JSON.stringify(ns)})`)).map((row) => [
      Number(row['n']),
      row,
    ]),
  );
  return ns.map((n) => found.get(n)).filter((row) => row !== undefined);
}
