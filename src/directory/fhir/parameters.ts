/**
 * The search parameters of each type: one table, from which searches are read and the CapabilityStatement is made.
 *
 * @module
 */
import type { ResourceType } from '../write/fhir-resources.ts';
import {
  ACTIVE,
  type AddressPart,
  addressOn,
  connectionType,
  described,
  endpointIdentifier,
  fixed,
  identifierOn,
  locationIn,
  organizationAt,
  organizationType,
  personNamed,
  specialtyOn,
  textOn,
} from './conditions.ts';
import { every, type Fragment, NOTHING, raw, sql } from './fragment.ts';
import { entriesSeen, type Sight } from './sight.ts';
import { isThing, refersTo } from './things.ts';
import type { Modifier, ParameterType, Value } from './value.ts';

export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly modifiers: readonly Modifier[];
  /** Types that a reference may be to; the first is the one whose parameters may follow it in a chain. */
  readonly targets: readonly ResourceType[];
  readonly documentation: string;
  /** Canonical URL of the parameter of the standard; none: it is ours. */
  readonly definition?: string;
  /** Condition on the rows that a search of the type goes through. @throws {FhirError} */
  condition(value: Value, sight: Sight, at: string): Fragment;
  /** That there is no value. */
  readonly missing?: Fragment;
  /** Nearly everything has the same value, so it is no criterion by itself. */
  readonly broad?: true;
  /** Where a chain goes on: from a condition on the target to one on entries `r`. */
  readonly chain?: (condition: Fragment) => Fragment;
}

type Text = Extract<Value, { kind: 'text' }>;
type Token = Extract<Value, { kind: 'token' }>;

const standard = (type: ResourceType, name: string): string =>
  `http://hl7.org/fhir/SearchParameter/${type}-${name}`;

type More = Partial<Pick<Parameter, 'missing' | 'definition' | 'chain'>>;

const text = (
  name: string,
  documentation: string,
  condition: (value: Text, sight: Sight, at: string) => Fragment,
  more: More = {},
): Parameter => ({
  name,
  type: 'string',
  modifiers: more.missing ? ['exact', 'contains', 'missing'] : ['exact', 'contains'],
  targets: [],
  documentation,
  condition: (value, sight, at) => (value.kind === 'text' ? condition(value, sight, at) : NOTHING),
  ...more,
});

const token = (
  name: string,
  documentation: string,
  condition: (value: Token, sight: Sight) => Fragment,
  more: More = {},
): Parameter => ({
  name,
  type: 'token',
  modifiers: more.missing ? ['missing'] : [],
  targets: [],
  documentation,
  condition: (value, sight) => (value.kind === 'token' ? condition(value, sight) : NOTHING),
  ...more,
});

/** On entries `r`, or, with `onVersions`, on versions `b`. */
const reference = (
  name: string,
  targets: readonly ResourceType[],
  documentation: string,
  more: More & { readonly onVersions?: true } = {},
): Parameter => {
  const { onVersions, ...rest } = more;
  return {
    name,
    type: 'reference',
    modifiers: more.missing ? ['missing'] : [],
    targets,
    documentation,
    condition: (value, sight) => {
      if (value.kind !== 'thing' || value.thing === undefined) return NOTHING;
      if (!onVersions) return refersTo(value.thing);
      const entries = entriesSeen(
        sight,
        'r.organization',
        every([refersTo(value.thing), raw('r.practitioner is null')]),
      );
      return sql`b.n in (select v.n from directory_organization f join directory_organization v on v.org_uid = f.org_uid and v.contributor = f.contributor where f.n in (${entries}))`;
    },
    ...rest,
  };
};

const PLACE: readonly (readonly [name: string, part: AddressPart, documentation: string])[] = [
  ['address', 'any', 'Street, city, state, postal code or country'],
  ['address-city', 'city', 'City'],
  ['address-state', 'state', 'Code of the state'],
  ['address-postalcode', 'postalcode', 'Postal code'],
  ['address-country', 'country', 'Country'],
];

const active = (on: 'all' | 'entries'): Parameter =>
  token('active', 'Whether it is in use: true or false', ({ code }) => {
    if (on === 'all') return raw(code === 'true' ? '1' : '0');
    return code === 'true' ? raw(ACTIVE) : code === 'false' ? raw(`not ${ACTIVE}`) : NOTHING;
  });

const ORGANIZATION_IDS = { npi: 'b.org_npi', uid: 'b.org_uid' } as const;
const PERSON_IDS = { npi: 'b.prov_npi', uid: 'b.prov_uid' } as const;

const inOrganizations = (condition: Fragment): Fragment =>
  sql`r.organization in (select b.n from directory_organization b where ${condition})`;
const inPractitioners = (condition: Fragment): Fragment =>
  sql`r.practitioner in (select b.n from directory_practitioner b where ${condition})`;
const itself = (condition: Fragment): Fragment => condition;

const ofOrganization = (name: string, documentation: string): Parameter =>
  reference(name, ['Organization'], documentation, {
    missing: raw('r.organization is null'),
    chain: inOrganizations,
  });

const TABLE: Readonly<Record<ResourceType, readonly Parameter[]>> = {
  Organization: [
    text('name', 'Beginning of the name', (value, _, at) => textOn('b.org_name', 'b.name_key', value, at), {
      missing: raw("b.org_name = ''"),
    }),
    token(
      'identifier',
      'NPI (http://hl7.org/fhir/sid/us-npi), or the id that the contributor gave',
      (value) => identifierOn(ORGANIZATION_IDS, value),
      { missing: raw("b.org_npi = '' and b.org_uid like '~%'") },
    ),
    ...PLACE.map(([name, part, documentation]) =>
      text(name, documentation, (value, sight, at) => organizationAt(sight, part, value, at)),
    ),
    token('type', 'NUCC code of the organization', organizationType, {
      missing: raw("b.org_specialty = ''"),
    }),
    active('all'),
    reference('endpoint', ['Endpoint'], 'Address of the organization itself, or of a department', {
      onVersions: true,
    }),
  ],
  Location: [
    text('name', 'Beginning of the name of the organization there', (value, _, at) =>
      inOrganizations(textOn('b.org_name', 'b.name_key', value, at)),
    ),
    ...PLACE.map(([name, part, documentation]) =>
      text(name, documentation, (value, _, at) => locationIn(part, value, at)),
    ),
    ofOrganization('organization', 'Organization that is there'),
    token('status', 'Always active', (value) => fixed(value, 'active')),
  ],
  Practitioner: [
    text('name', 'Beginning of a part of the name; of several words each', (value, sight, at) =>
      personNamed(sight, 'name', value, at),
    ),
    text(
      'family',
      'Beginning of the last name',
      (value, sight, at) => personNamed(sight, 'family', value, at),
      {
        definition: 'http://hl7.org/fhir/SearchParameter/individual-family',
      },
    ),
    text(
      'given',
      'Beginning of the first or a middle name',
      (value, sight, at) => personNamed(sight, 'given', value, at),
      { definition: 'http://hl7.org/fhir/SearchParameter/individual-given' },
    ),
    token(
      'identifier',
      'NPI (http://hl7.org/fhir/sid/us-npi), or the id that the contributor gave',
      (value) => identifierOn(PERSON_IDS, value),
      { missing: raw("b.prov_npi = '' and b.prov_uid like '~%'") },
    ),
    active('all'),
  ],
  PractitionerRole: [
    token('specialty', 'NUCC code (http://nucc.org/provider-taxonomy)', specialtyOn, {
      missing: raw(
        "r.practitioner is null or r.practitioner in (select n from directory_practitioner where prov_specialty = '')",
      ),
    }),
    ofOrganization('organization', 'Organization'),
    reference('practitioner', ['Practitioner'], 'Practitioner', {
      missing: raw('r.practitioner is null'),
      chain: inPractitioners,
    }),
    reference('location', ['Location'], 'Location', {
      missing: raw('r.location is null'),
      chain: itself,
    }),
    reference('endpoint', ['Endpoint'], 'Endpoint', { chain: itself }),
    active('entries'),
  ],
  Endpoint: [
    token(
      'identifier',
      'The Direct address, with mailto: or without, also as urn:ietf:rfc:3986|mailto:…',
      endpointIdentifier,
    ),
    {
      name: 'address',
      type: 'uri',
      modifiers: [],
      targets: [],
      documentation: 'The Direct address, with mailto: or without',
      condition: (value) => (value.kind === 'text' ? addressOn(value.text) : NOTHING),
    },
    ofOrganization('organization', 'Organization whose address it is'),
    token('connection-type', 'Always direct-project', connectionType),
    token('status', 'active: somebody vouches for it now; else off', ({ code }) =>
      code === 'active' ? raw(ACTIVE) : code === 'off' ? raw(`not ${ACTIVE}`) : NOTHING,
    ),
    text('name', 'Beginning of the description', (value, _, at) => described(value, at), {
      missing: raw("r.service_description = ''"),
    }),
  ],
};

/** Parameters that the standard does not have. */
const OURS = new Set(['Endpoint address']);

const id = (type: ResourceType): Parameter => ({
  name: '_id',
  type: 'token',
  modifiers: [],
  targets: [],
  documentation: 'Id of the resource',
  definition: 'http://hl7.org/fhir/SearchParameter/Resource-id',
  condition: (value, { handles }) => {
    const thing = value.kind === 'token' ? handles.thingOf(type, value.code) : undefined;
    return thing ? isThing(thing) : NOTHING;
  },
});

/** By name, also at the end of a chain. */
const BROAD = new Set(['active', 'status', 'connection-type', 'address-country']);

const complete = (type: ResourceType): ReadonlyMap<string, Parameter> =>
  new Map(
    [id(type), ...TABLE[type]].map((found) => {
      const one = BROAD.has(found.name) ? { ...found, broad: true as const } : found;
      return [
        one.name,
        one.definition === undefined && !OURS.has(`${type} ${one.name}`)
          ? { ...one, definition: standard(type, one.name) }
          : one,
      ];
    }),
  );

export const PARAMETERS: Readonly<Record<ResourceType, ReadonlyMap<string, Parameter>>> = {
  Organization: complete('Organization'),
  Location: complete('Location'),
  Practitioner: complete('Practitioner'),
  PractitionerRole: complete('PractitionerRole'),
  Endpoint: complete('Endpoint'),
};

/** What `_include` and `_revinclude` know: the element that refers, by type and name of the parameter. */
export const REFERENCES: Readonly<Record<ResourceType, Readonly<Record<string, ResourceType>>>> = {
  Organization: { endpoint: 'Endpoint' },
  Location: { organization: 'Organization' },
  Practitioner: {},
  PractitionerRole: {
    practitioner: 'Practitioner',
    organization: 'Organization',
    location: 'Location',
    endpoint: 'Endpoint',
  },
  Endpoint: { organization: 'Organization' },
};
