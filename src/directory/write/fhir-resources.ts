/**
 * Records as FHIR R4 resources (directory §3). What FHIR forbids is left out or made sound: empty elements, dates that
 * are none, codes with blanks at their ends.
 *
 * @module
 */
import { OWN_IDENTIFIER } from '../read/fhir.ts';
import { type DirectoryRecord, displayName } from '../record.ts';

export const NPI_SYSTEM = 'http://hl7.org/fhir/sid/us-npi';
export const TAXONOMY_SYSTEM = 'http://nucc.org/provider-taxonomy';
export const CONNECTION_SYSTEM = 'http://terminology.hl7.org/CodeSystem/endpoint-connection-type';
const ABSENT = 'http://terminology.hl7.org/CodeSystem/data-absent-reason';
/** System of identifiers that are URIs themselves (RFC 3986). */
export const URI_SYSTEM = 'urn:ietf:rfc:3986';

export const RESOURCE_TYPES = [
  'Organization',
  'Location',
  'Practitioner',
  'PractitionerRole',
  'Endpoint',
] as const;

export type ResourceType = (typeof RESOURCE_TYPES)[number];

export interface FhirResource {
  readonly resourceType: ResourceType;
  readonly id: string;
  readonly [key: string]: unknown;
}

/** Ids of the resources of an entry; undefined: the entry has no such resource. */
export interface EntryIds {
  readonly organization: string | undefined;
  readonly location: string | undefined;
  readonly practitioner: string | undefined;
  readonly endpoint: string;
  readonly role: string;
}

const refer = (type: ResourceType, id: string | undefined) =>
  id === undefined ? undefined : { reference: `${type}/${id}` };

const taxonomy = (text: string) => {
  const code = text.trim().replaceAll(/\s+/g, ' ');
  return code === '' ? undefined : { coding: [{ system: TAXONOMY_SYSTEM, code }] };
};

const listed = <T>(one: T | undefined): T[] | undefined => (one === undefined ? undefined : [one]);

/** A value that is more than blanks. */
const given = (text: string): string | undefined => (text.trim() === '' ? undefined : text);

/** Without what is undefined or an empty list: FHIR has no empty elements. */
export const present = <T extends Record<string, unknown>>(resource: T): T =>
  Object.fromEntries(
    Object.entries(resource).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  ) as T;

const identifiers = (npi: string, uid: string) => [
  ...(given(npi) ? [{ system: NPI_SYSTEM, value: npi }] : []),
  ...(given(uid) ? [{ system: OWN_IDENTIFIER, value: uid }] : []),
];

export type Place = Pick<
  DirectoryRecord,
  'ORG_ADDR1' | 'ORG_ADDR2' | 'ORG_CITY' | 'ORG_STATE' | 'ORG_ZIP' | 'ORG_COUNTRY'
>;

/** Undefined when nothing of it is known. */
export function addressOf(place: Place) {
  const address = present({
    line: [place.ORG_ADDR1, place.ORG_ADDR2].filter((part) => part.trim() !== ''),
    city: given(place.ORG_CITY),
    state: given(place.ORG_STATE),
    postalCode: given(place.ORG_ZIP),
    country: given(place.ORG_COUNTRY),
  });
  return Object.keys(address).length > 0 ? address : undefined;
}

/** @param more `address`, where it is not that of the record alone; `endpoint`; `meta` */
export const organizationOf = (
  record: DirectoryRecord,
  id: string,
  more: Readonly<Record<string, unknown>> = {},
): FhirResource =>
  present({
    resourceType: 'Organization' as const,
    id,
    meta: more['meta'],
    identifier: identifiers(record.ORG_NPI, record.ORG_UID),
    active: true,
    type: listed(taxonomy(record.ORG_SPECIALTY)),
    name: given(record.ORG_NAME),
    telecom: [
      ...(given(record.ORG_PHONE) ? [{ system: 'phone', value: record.ORG_PHONE }] : []),
      ...(given(record.ORG_FAX) ? [{ system: 'fax', value: record.ORG_FAX }] : []),
    ],
    address: more['address'] ?? listed(addressOf(record)),
    endpoint: more['endpoint'],
  });

/** Undefined for a record without an address. */
export function locationOf(
  record: DirectoryRecord,
  id: string,
  organization: string | undefined,
  meta?: object,
): FhirResource | undefined {
  const address = addressOf(record);
  if (!address) return undefined;
  return present({
    resourceType: 'Location' as const,
    id,
    meta,
    status: 'active',
    name: given(record.ORG_NAME),
    address,
    managingOrganization: refer('Organization', organization),
  });
}

export function practitionerOf(record: DirectoryRecord, id: string, meta?: object): FhirResource {
  const name = present({
    text: given(displayName({ ...record, SERVICE_DESCRIPTION: '', ORG_NAME: '', DIRECT_ADDRESS: '' })),
    family: given(record.PROV_LAST_NAME),
    given: [record.PROV_FIRST_NAME, record.PROV_MIDDLE_NAME].filter((part) => part.trim() !== ''),
    suffix: listed(given(record.PROV_SUFFIX)),
  });
  const specialty = taxonomy(record.PROV_SPECIALTY);
  return present({
    resourceType: 'Practitioner' as const,
    id,
    meta,
    identifier: identifiers(record.PROV_NPI, record.PROV_UID),
    active: true,
    name: Object.keys(name).length > 0 ? [name] : undefined,
    qualification: specialty && [{ code: specialty }],
  });
}

export function endpointOf(
  record: DirectoryRecord,
  { endpoint, organization }: EntryIds,
  active: boolean,
  meta?: object,
): FhirResource {
  const own = (kind: string, value: string) =>
    given(value) ? [{ system: `${OWN_IDENTIFIER}:${kind}`, value }] : [];
  const address = `mailto:${record.DIRECT_ADDRESS}`;
  return present({
    resourceType: 'Endpoint' as const,
    id: endpoint,
    meta,
    identifier: [
      { system: URI_SYSTEM, value: address },
      ...own('hisp', record.HISP_OPERATOR),
      ...own('verified', record.ENDPOINT_VERIFIED_ON),
      ...own('type', record.ADDRESS_TYPE),
      ...own('entity', record.ENTITY_TYPE),
    ],
    status: active ? 'active' : 'off',
    connectionType: { system: CONNECTION_SYSTEM, code: 'direct-project' },
    name: given(record.SERVICE_DESCRIPTION),
    managingOrganization: refer('Organization', organization),
    payloadType: [{ coding: [{ system: ABSENT, code: 'not-applicable' }] }],
    address,
  });
}

export const roleOf = (
  record: DirectoryRecord,
  { role, practitioner, organization, location, endpoint }: EntryIds,
  active: boolean,
  meta?: object,
): FhirResource =>
  present({
    resourceType: 'PractitionerRole' as const,
    id: role,
    meta,
    active,
    practitioner: refer('Practitioner', practitioner),
    organization: refer('Organization', organization),
    code: given(record.PROV_ROLE) ? [{ text: record.PROV_ROLE }] : undefined,
    specialty: listed(taxonomy(record.PROV_SPECIALTY)),
    location: listed(refer('Location', location)),
    endpoint: listed(refer('Endpoint', endpoint)),
  });
