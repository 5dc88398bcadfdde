/**
 * The directory as one FHIR R4 Bundle of type collection (directory §3).
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { type DirectoryRecord, dayOf } from '../record.ts';
import {
  addressOf,
  type EntryIds,
  endpointOf,
  type FhirResource,
  locationOf,
  organizationOf,
  practitionerOf,
  roleOf,
} from './fhir-resources.ts';
import { entryUid } from './ldif-text.ts';
import { organizationId, practitionerId } from './rows.ts';

/** Resource ids are at most 64 of A-Z a-z 0-9 - and `.`: made of what they stand for. */
const idOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\u0000')).digest('hex').slice(0, 32);

/** The same record has the same ids in every file. */
function idsOf(record: DirectoryRecord): EntryIds {
  const uid = organizationId(record);
  const organization = uid === '' ? undefined : `o${idOf(uid)}`;
  const address = addressOf(record);
  const person = practitionerId(record);
  return {
    organization,
    location: address && `l${idOf(organization ?? '', JSON.stringify(address))}`,
    practitioner: person === '' ? undefined : `p${idOf(person)}`,
    endpoint: `e${idOf(record.DIRECT_ADDRESS.toLowerCase(), organization ?? '', person)}`,
    role: `r${entryUid(record)}`,
  };
}

/** The resources of an entry. What several entries share has the same id in each. */
function resourcesOf(record: DirectoryRecord): FhirResource[] {
  const ids = idsOf(record);
  const updated = dayOf(record.LAST_UPDATED);
  const meta = updated === undefined ? undefined : { lastUpdated: new Date(updated).toISOString() };
  return [
    ids.organization === undefined ? undefined : organizationOf(record, ids.organization),
    ids.location === undefined ? undefined : locationOf(record, ids.location, ids.organization),
    ids.practitioner === undefined ? undefined : practitionerOf(record, ids.practitioner),
    endpointOf(record, ids, true, meta),
    roleOf(record, ids, true),
  ].filter((one) => one !== undefined);
}

/** A Bundle in pieces. A resource that several entries share is written once. */
export function* fhirText(records: Iterable<DirectoryRecord>): Generator<string> {
  yield '{"resourceType":"Bundle","type":"collection"';
  const shared = new Set<string>();
  let first = true;
  for (const record of records) {
    let text = '';
    for (const resource of resourcesOf(record)) {
      const { resourceType, id } = resource;
      if (resourceType !== 'PractitionerRole') {
        if (shared.has(id)) continue;
        shared.add(id);
      }
      text += `${first ? ',"entry":[\n' : ',\n'}${JSON.stringify({ fullUrl: `${FULL_URL}/${resourceType}/${id}`, resource })}`;
      first = false;
    }
    yield text;
  }
  // a list must not be empty
  yield first ? '}\n' : '\n]}\n';
}

const FULL_URL = 'https://directory.example/fhir';
