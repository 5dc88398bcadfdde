/**
 * The directory as FHIR R4 resources (directory §3), and as one Bundle of type collection.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { OWN_IDENTIFIER } from '../read/fhir.ts';
import { type DirectoryRecord, displayName } from '../record.ts';
import { entryUid } from './ldif-text.ts';
import { organizationId, practitionerId } from './rows.ts';

const NPI = 'http://hl7.org/fhir/sid/us-npi';
const TAXONOMY = 'http://nucc.org/provider-taxonomy';
const CONNECTION = 'http://terminology.hl7.org/CodeSystem/endpoint-connection-type';
const ABSENT = 'http://terminology.hl7.org/CodeSystem/data-absent-reason';

export interface FhirResource {
  readonly resourceType: 'Organization' | 'Location' | 'Practitioner' | 'PractitionerRole' | 'Endpoint';
  readonly id: string;
  readonly [key: string]: unknown;
}

/** Resource ids are at most 64 of A-Z a-z 0-9 - and `.`: made of what they stand for. */
const idOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\u0000')).digest('hex').slice(0, 32);

/** The resources of an entry. What several entries share has the same id in each. */
export function resourcesOf(record: DirectoryRecord, active = true): FhirResource[] {
  const organization = organizationOf(record);
  const location = locationOf(record, organization?.id);
  const practitioner = practitionerOf(record);
  const endpoint = endpointOf(record, organization?.id, active);
  const role: FhirResource = present({
    resourceType: 'PractitionerRole',
    id: `r${entryUid(record)}`,
    active,
    practitioner: practitioner && reference(practitioner),
    organization: organization && reference(organization),
    location: location && [reference(location)],
    code: record.PROV_ROLE ? [{ text: record.PROV_ROLE }] : undefined,
    specialty: record.PROV_SPECIALTY ? [taxonomy(record.PROV_SPECIALTY)] : undefined,
    endpoint: [reference(endpoint)],
  });
  return [organization, location, practitioner, endpoint, role].filter((one) => one !== undefined);
}

const reference = ({ resourceType, id }: FhirResource) => ({ reference: `${resourceType}/${id}` });

const taxonomy = (code: string) => ({ coding: [{ system: TAXONOMY, code }] });

/** Without what is undefined or an empty list: FHIR has no empty elements. */
const present = <T extends Record<string, unknown>>(resource: T): T =>
  Object.fromEntries(
    Object.entries(resource).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  ) as T;

const identifiers = (npi: string, uid: string) => [
  ...(npi ? [{ system: NPI, value: npi }] : []),
  ...(uid ? [{ system: OWN_IDENTIFIER, value: uid }] : []),
];

function postal(record: DirectoryRecord) {
  const line = [record.ORG_ADDR1, record.ORG_ADDR2].filter((part) => part !== '');
  const address = present({
    line,
    city: record.ORG_CITY || undefined,
    state: record.ORG_STATE || undefined,
    postalCode: record.ORG_ZIP || undefined,
    country: record.ORG_COUNTRY || undefined,
  });
  return Object.keys(address).length > 0 ? address : undefined;
}

function organizationOf(record: DirectoryRecord): FhirResource | undefined {
  const uid = organizationId(record);
  if (uid === '') return undefined;
  const address = postal(record);
  return present({
    resourceType: 'Organization' as const,
    id: `o${idOf(uid)}`,
    identifier: identifiers(record.ORG_NPI, record.ORG_UID),
    active: true,
    type: record.ORG_SPECIALTY ? [taxonomy(record.ORG_SPECIALTY)] : undefined,
    name: record.ORG_NAME || undefined,
    telecom: [
      ...(record.ORG_PHONE ? [{ system: 'phone', value: record.ORG_PHONE }] : []),
      ...(record.ORG_FAX ? [{ system: 'fax', value: record.ORG_FAX }] : []),
    ],
    address: address && [address],
  });
}

function locationOf(record: DirectoryRecord, organization: string | undefined): FhirResource | undefined {
  const address = postal(record);
  if (!address) return undefined;
  return present({
    resourceType: 'Location' as const,
    id: `l${idOf(organization ?? '', JSON.stringify(address))}`,
    status: 'active',
    name: record.ORG_NAME || undefined,
    address,
    managingOrganization: organization && { reference: `Organization/${organization}` },
  });
}

function practitionerOf(record: DirectoryRecord): FhirResource | undefined {
  const uid = practitionerId(record);
  if (uid === '') return undefined;
  const name = present({
    text: displayName(record),
    family: record.PROV_LAST_NAME || undefined,
    given: [record.PROV_FIRST_NAME, record.PROV_MIDDLE_NAME].filter((part) => part !== ''),
    suffix: record.PROV_SUFFIX ? [record.PROV_SUFFIX] : undefined,
  });
  return present({
    resourceType: 'Practitioner' as const,
    id: `p${idOf(uid)}`,
    identifier: identifiers(record.PROV_NPI, record.PROV_UID),
    active: true,
    name: [name],
    qualification: record.PROV_SPECIALTY ? [{ code: taxonomy(record.PROV_SPECIALTY) }] : undefined,
  });
}

function endpointOf(
  record: DirectoryRecord,
  organization: string | undefined,
  active: boolean,
): FhirResource {
  const own = (kind: string, value: string) =>
    value ? [{ system: `${OWN_IDENTIFIER}:${kind}`, value }] : [];
  return present({
    resourceType: 'Endpoint' as const,
    id: `e${idOf(record.DIRECT_ADDRESS.toLowerCase(), organization ?? '', practitionerId(record))}`,
    meta: record.LAST_UPDATED ? { lastUpdated: `${record.LAST_UPDATED.slice(0, 10)}T00:00:00Z` } : undefined,
    identifier: [
      ...own('hisp', record.HISP_OPERATOR),
      ...own('verified', record.ENDPOINT_VERIFIED_ON),
      ...own('type', record.ADDRESS_TYPE),
      ...own('entity', record.ENTITY_TYPE),
    ],
    status: active ? 'active' : 'off',
    connectionType: { system: CONNECTION, code: 'direct-project' },
    name: record.SERVICE_DESCRIPTION || undefined,
    managingOrganization: organization && { reference: `Organization/${organization}` },
    payloadType: [{ coding: [{ system: ABSENT, code: 'not-applicable' }] }],
    address: `mailto:${record.DIRECT_ADDRESS}`,
  });
}

/** A Bundle in pieces. A resource that several entries share is written once. */
export function* fhirText(records: Iterable<DirectoryRecord>): Generator<string> {
  yield '{"resourceType":"Bundle","type":"collection","entry":[';
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
      text += `${first ? '\n' : ',\n'}${JSON.stringify({ fullUrl: `${FULL_URL}/${resourceType}/${id}`, resource })}`;
      first = false;
    }
    yield text;
  }
  yield '\n]}\n';
}

const FULL_URL = 'https://directory.example/fhir';
