/**
 * Rows as resources, with ids, versions and times.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import type { SqlRow } from '../../store/handle.ts';
import { type Entry, entryOf, recordOf, SELECT_ENTRY } from '../entries.ts';
import {
  addressOf,
  type EntryIds,
  endpointOf,
  type FhirResource,
  locationOf,
  organizationOf,
  practitionerOf,
  type ResourceType,
  roleOf,
} from '../write/fhir-resources.ts';
import { raw, sql } from './fragment.ts';
import { entriesSeen, rowOf, rowsOf, type Sight } from './sight.ts';
import { firstEntry, firstVersion, inOrder, type Versioned, versions } from './things.ts';

export interface Builder {
  /** The resources that the rows stand for, in their order. */
  build(type: ResourceType, ns: readonly number[]): FhirResource[];
}

/** Addresses, and endpoints, that an organization names itself; a search finds all of them. */
const NAMED = 50;

export function builderOf(sight: Sight): Builder {
  const { handles } = sight;
  const firsts = new Map<string, number>();
  const first = (type: Versioned, n: number): number => {
    const key = `${type} ${n}`;
    const found = firsts.get(key) ?? firstVersion(sight, type, n);
    firsts.set(key, found);
    return found;
  };
  const timeOf = timesOf(sight);
  const metaOf = (contributor: string, revision: number, later: number | null = null) => ({
    lastUpdated: new Date(Math.max(timeOf(revision), later ?? 0)).toISOString(),
    source: `urn:anchorage:directory:contributor:${contributor}`,
  });

  const idsOf = (entry: Entry): EntryIds => {
    const organization = entry.organization === null ? 0 : first('Organization', entry.organization);
    const own = firstEntry(sight, entry.n);
    const idOf = (type: ResourceType, of: number, place = 0) => handles.idOf({ type, first: of, place });
    return {
      organization: organization === 0 ? undefined : idOf('Organization', organization),
      location:
        entry.location !== null && addressOf(entry.record)
          ? idOf('Location', organization, entry.location)
          : undefined,
      practitioner:
        entry.practitioner === null
          ? undefined
          : idOf('Practitioner', first('Practitioner', entry.practitioner)),
      endpoint: idOf('Endpoint', own),
      role: idOf('PractitionerRole', own),
    };
  };

  const entriesOf = (ns: readonly number[]): Entry[] =>
    inOrder(sight, ns, (list) => sql`${raw(SELECT_ENTRY)} where r.n in (${list})`).map(entryOf);

  /** Revision since which somebody refers to this version. */
  const sinceOf = (type: Versioned, n: number): number => {
    const link = type === 'Organization' ? 'organization' : 'practitioner';
    const row = rowOf(
      sight,
      sql`select min(born) as born from directory_role where ${raw(link)} = ${n} and born <= ${sight.revision}`,
    );
    return Number(row?.['born'] ?? 0);
  };

  const organization = (row: SqlRow): FhirResource => {
    const n = Number(row['n']);
    const own = first('Organization', n);
    const inside = sql`r.organization in (${versions('Organization', own)})`;
    const places = rowsOf(
      sight,
      sql`select l.* from directory_location l where l.n in (${entriesSeen(sight, 'r.location', inside)}) order by l.n limit ${NAMED}`,
    );
    const endpoints = rowsOf(
      sight,
      sql`${entriesSeen(sight, 'r.n', sql`${inside} and r.practitioner is null`)} order by r.n limit ${NAMED}`,
    );
    const address = places.map((place) => addressOf(recordOf(place))).filter((one) => one !== undefined);
    return organizationOf(recordOf(row), handles.idOf({ type: 'Organization', first: own, place: 0 }), {
      meta: metaOf(String(row['contributor_id']), sinceOf('Organization', n)),
      address,
      endpoint: endpoints.map((endpoint) => ({
        reference: `Endpoint/${handles.idOf({ type: 'Endpoint', first: firstEntry(sight, Number(endpoint['n'])), place: 0 })}`,
      })),
    });
  };

  const practitioner = (row: SqlRow): FhirResource => {
    const n = Number(row['n']);
    const id = handles.idOf({ type: 'Practitioner', first: first('Practitioner', n), place: 0 });
    const meta = metaOf(String(row['contributor_id']), sinceOf('Practitioner', n));
    return practitionerOf(recordOf(row), id, meta);
  };

  const versionRows = (type: Versioned, ns: readonly number[]): SqlRow[] =>
    inOrder(
      sight,
      ns,
      (list) =>
        sql`select b.*, c.id as contributor_id from ${raw(`directory_${type.toLowerCase()}`)} b join directory_contributor c on c.n = b.contributor where b.n in (${list})`,
    );

  return {
    build(type, ns) {
      const made = (): (FhirResource | undefined)[] => {
        switch (type) {
          case 'Organization':
            return versionRows(type, ns).map(organization);
          case 'Practitioner':
            return versionRows(type, ns).map(practitioner);
          case 'Location':
            return entriesOf(ns).map((entry) => {
              const ids = idsOf(entry);
              const meta = metaOf(entry.contributor, entry.born);
              return ids.location === undefined
                ? undefined
                : locationOf(entry.record, ids.location, ids.organization, meta);
            });
          case 'Endpoint':
          case 'PractitionerRole':
            return entriesOf(ns).map((entry) => {
              const make = type === 'Endpoint' ? endpointOf : roleOf;
              const meta = metaOf(entry.contributor, entry.born, entry.verifiedAt);
              return make(entry.record, idsOf(entry), entry.active, meta);
            });
        }
      };
      return made()
        .filter((one) => one !== undefined)
        .map(versioned);
    },
  };
}

/** The version is a digest of the contents, so it changes with whatever is told, verification among it. */
function versioned(resource: FhirResource): FhirResource {
  const { meta, ...rest } = resource;
  const versionId = createHash('sha256').update(JSON.stringify(rest)).digest('hex').slice(0, 16);
  return { ...resource, meta: { versionId, ...(meta as object) } };
}

/** When each revision was shown, ms UTC. */
function timesOf(sight: Sight): (revision: number) => number {
  const times = new Map<number, number>();
  return (revision) => {
    const known = times.get(revision);
    if (known !== undefined) return known;
    const row = rowOf(
      sight,
      sql`select coalesce(ended_at, started_at) as at from directory_contribution where tenant = ${sight.directory.tenant} and revision = ${revision}`,
    );
    const at = Number(row?.['at'] ?? 0);
    times.set(revision, at);
    return at;
  };
}
