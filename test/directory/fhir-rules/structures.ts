/**
 * FHIR R4 (4.0.1) as its published StructureDefinitions have it, of what a directory gives: name, cardinality, type;
 * types of references; required bindings. Written down from hl7.org/fhir/R4.
 */

/** Regular expressions of the primitive types (R4, 2.24.0.1). */
export const PRIMITIVES: Readonly<Record<string, { json: 'string' | 'boolean' | 'number'; form: RegExp }>> = {
  boolean: { json: 'boolean', form: /^(true|false)$/ },
  integer: { json: 'number', form: /^[0]|[-+]?[1-9][0-9]*$/ },
  unsignedInt: { json: 'number', form: /^([0]|([1-9][0-9]*))$/ },
  positiveInt: { json: 'number', form: /^[1-9][0-9]*$/ },
  decimal: { json: 'number', form: /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/ },
  string: { json: 'string', form: /^[ \r\n\t\S]+$/ },
  markdown: { json: 'string', form: /^[ \r\n\t\S]+$/ },
  uri: { json: 'string', form: /^\S+$/ },
  url: { json: 'string', form: /^\S+$/ },
  canonical: { json: 'string', form: /^\S+$/ },
  code: { json: 'string', form: /^[^\s]+(\s[^\s]+)*$/ },
  id: { json: 'string', form: /^[A-Za-z0-9\-.]{1,64}$/ },
  instant: {
    json: 'string',
    form: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)$/,
  },
  dateTime: {
    json: 'string',
    form: /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00))?)?)?$/,
  },
};

const RESOURCE = `
  id 0..1 id
  meta 0..1 Meta
  implicitRules 0..1 uri
  language 0..1 code`;

const DOMAIN_RESOURCE = `${RESOURCE}
  text 0..1 Narrative
  contained 0..* Resource
  extension 0..* Extension
  modifierExtension 0..* Extension`;

/** Every structure by name; elements as `name min..max type`. */
export const STRUCTURES: Readonly<Record<string, string>> = {
  Meta: `
  versionId 0..1 id
  lastUpdated 0..1 instant
  source 0..1 uri
  profile 0..* canonical
  security 0..* Coding
  tag 0..* Coding`,
  Coding: `
  system 0..1 uri
  version 0..1 string
  code 0..1 code
  display 0..1 string
  userSelected 0..1 boolean`,
  CodeableConcept: `
  coding 0..* Coding
  text 0..1 string`,
  Identifier: `
  use 0..1 code
  type 0..1 CodeableConcept
  system 0..1 uri
  value 0..1 string
  period 0..1 Period
  assigner 0..1 Reference(Organization)`,
  Period: `
  start 0..1 dateTime
  end 0..1 dateTime`,
  ContactPoint: `
  system 0..1 code
  value 0..1 string
  use 0..1 code
  rank 0..1 positiveInt
  period 0..1 Period`,
  Address: `
  use 0..1 code
  type 0..1 code
  text 0..1 string
  line 0..* string
  city 0..1 string
  district 0..1 string
  state 0..1 string
  postalCode 0..1 string
  country 0..1 string
  period 0..1 Period`,
  HumanName: `
  use 0..1 code
  text 0..1 string
  family 0..1 string
  given 0..* string
  prefix 0..* string
  suffix 0..* string
  period 0..1 Period`,
  Narrative: `
  status 1..1 code
  div 1..1 string`,
  Organization: `${DOMAIN_RESOURCE}
  identifier 0..* Identifier
  active 0..1 boolean
  type 0..* CodeableConcept
  name 0..1 string
  alias 0..* string
  telecom 0..* ContactPoint
  address 0..* Address
  partOf 0..1 Reference(Organization)
  endpoint 0..* Reference(Endpoint)`,
  Location: `${DOMAIN_RESOURCE}
  identifier 0..* Identifier
  status 0..1 code
  operationalStatus 0..1 Coding
  name 0..1 string
  alias 0..* string
  description 0..1 string
  mode 0..1 code
  type 0..* CodeableConcept
  telecom 0..* ContactPoint
  address 0..1 Address
  physicalType 0..1 CodeableConcept
  managingOrganization 0..1 Reference(Organization)
  partOf 0..1 Reference(Location)
  endpoint 0..* Reference(Endpoint)`,
  Practitioner: `${DOMAIN_RESOURCE}
  identifier 0..* Identifier
  active 0..1 boolean
  name 0..* HumanName
  telecom 0..* ContactPoint
  address 0..* Address
  gender 0..1 code
  birthDate 0..1 dateTime
  qualification 0..* Practitioner.qualification
  communication 0..* CodeableConcept`,
  'Practitioner.qualification': `
  identifier 0..* Identifier
  code 1..1 CodeableConcept
  period 0..1 Period
  issuer 0..1 Reference(Organization)`,
  PractitionerRole: `${DOMAIN_RESOURCE}
  identifier 0..* Identifier
  active 0..1 boolean
  period 0..1 Period
  practitioner 0..1 Reference(Practitioner)
  organization 0..1 Reference(Organization)
  code 0..* CodeableConcept
  specialty 0..* CodeableConcept
  location 0..* Reference(Location)
  healthcareService 0..* Reference(HealthcareService)
  telecom 0..* ContactPoint
  endpoint 0..* Reference(Endpoint)`,
  Endpoint: `${DOMAIN_RESOURCE}
  identifier 0..* Identifier
  status 1..1 code
  connectionType 1..1 Coding
  name 0..1 string
  managingOrganization 0..1 Reference(Organization)
  contact 0..* ContactPoint
  period 0..1 Period
  payloadType 1..* CodeableConcept
  payloadMimeType 0..* code
  address 1..1 url
  header 0..* string`,
  OperationOutcome: `${DOMAIN_RESOURCE}
  issue 1..* OperationOutcome.issue`,
  'OperationOutcome.issue': `
  severity 1..1 code
  code 1..1 code
  details 0..1 CodeableConcept
  diagnostics 0..1 string
  location 0..* string
  expression 0..* string`,
  Bundle: `${RESOURCE}
  identifier 0..1 Identifier
  type 1..1 code
  timestamp 0..1 instant
  total 0..1 unsignedInt
  link 0..* Bundle.link
  entry 0..* Bundle.entry`,
  'Bundle.link': `
  relation 1..1 string
  url 1..1 uri`,
  'Bundle.entry': `
  link 0..* Bundle.link
  fullUrl 0..1 uri
  resource 0..1 Resource
  search 0..1 Bundle.entry.search`,
  'Bundle.entry.search': `
  mode 0..1 code
  score 0..1 decimal`,
  CapabilityStatement: `${DOMAIN_RESOURCE}
  url 0..1 uri
  version 0..1 string
  name 0..1 string
  title 0..1 string
  status 1..1 code
  experimental 0..1 boolean
  date 1..1 dateTime
  publisher 0..1 string
  description 0..1 markdown
  kind 1..1 code
  instantiates 0..* canonical
  software 0..1 CapabilityStatement.software
  implementation 0..1 CapabilityStatement.implementation
  fhirVersion 1..1 code
  format 1..* code
  patchFormat 0..* code
  rest 0..* CapabilityStatement.rest`,
  'CapabilityStatement.software': `
  name 1..1 string
  version 0..1 string
  releaseDate 0..1 dateTime`,
  'CapabilityStatement.implementation': `
  description 1..1 string
  url 0..1 url
  custodian 0..1 Reference(Organization)`,
  'CapabilityStatement.rest': `
  mode 1..1 code
  documentation 0..1 markdown
  security 0..1 CapabilityStatement.rest.security
  resource 0..* CapabilityStatement.rest.resource`,
  'CapabilityStatement.rest.security': `
  cors 0..1 boolean
  service 0..* CodeableConcept
  description 0..1 markdown`,
  'CapabilityStatement.rest.resource': `
  type 1..1 code
  profile 0..1 canonical
  documentation 0..1 markdown
  interaction 0..* CapabilityStatement.rest.resource.interaction
  versioning 0..1 code
  readHistory 0..1 boolean
  updateCreate 0..1 boolean
  conditionalCreate 0..1 boolean
  conditionalRead 0..1 code
  referencePolicy 0..* code
  searchInclude 0..* string
  searchRevInclude 0..* string
  searchParam 0..* CapabilityStatement.rest.resource.searchParam`,
  'CapabilityStatement.rest.resource.interaction': `
  code 1..1 code
  documentation 0..1 markdown`,
  'CapabilityStatement.rest.resource.searchParam': `
  name 1..1 string
  definition 0..1 canonical
  type 1..1 code
  documentation 0..1 markdown`,
};

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Required bindings. */
export const BINDINGS: Readonly<Record<string, ReadonlySet<string>>> = {
  'Endpoint.status': words('active suspended error off entered-in-error test'),
  'Location.status': words('active suspended inactive'),
  'Location.mode': words('instance kind'),
  'Practitioner.gender': words('male female other unknown'),
  'ContactPoint.system': words('phone fax email pager url sms other'),
  'ContactPoint.use': words('home work temp old mobile'),
  'Address.use': words('home work temp old billing'),
  'Address.type': words('postal physical both'),
  'HumanName.use': words('usual official temp nickname anonymous old maiden'),
  'Identifier.use': words('usual official temp secondary old'),
  'Narrative.status': words('generated extensions additional empty'),
  'Bundle.type': words(
    'document message transaction transaction-response batch batch-response history searchset collection',
  ),
  'Bundle.entry.search.mode': words('match include outcome'),
  'OperationOutcome.issue.severity': words('fatal error warning information'),
  'OperationOutcome.issue.code': words(
    `invalid structure required value invariant security login unknown expired forbidden suppressed processing
     not-supported duplicate multiple-matches not-found deleted too-long code-invalid extension too-costly
     business-rule conflict transient lock-error no-store exception timeout incomplete throttled informational`,
  ),
  'CapabilityStatement.status': words('draft active retired unknown'),
  'CapabilityStatement.kind': words('instance capability requirements'),
  'CapabilityStatement.fhirVersion': words('4.0.0 4.0.1'),
  'CapabilityStatement.rest.mode': words('client server'),
  'CapabilityStatement.rest.resource.type': words(
    'Organization Location Practitioner PractitionerRole Endpoint',
  ),
  'CapabilityStatement.rest.resource.interaction.code': words(
    'read vread update patch delete history-instance history-type create search-type',
  ),
  'CapabilityStatement.rest.resource.versioning': words('no-version versioned versioned-update'),
  'CapabilityStatement.rest.resource.conditionalRead': words(
    'not-supported modified-since not-match full-support',
  ),
  'CapabilityStatement.rest.resource.searchParam.type': words(
    'number date string token reference composite quantity uri special',
  ),
};
