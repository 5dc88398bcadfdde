/**
 * One record of a contribution: flat, as the contribution files have it (directory §2). Every format is read into this
 * form and written from it.
 *
 * @module
 */

/** Our columns, in the order in which they are written. */
export const COLUMNS = [
  'HISP_OPERATOR',
  'DIRECT_ADDRESS',
  'ADDRESS_TYPE',
  'SERVICE_DESCRIPTION',
  'PROV_UID',
  'PROV_NPI',
  'PROV_FIRST_NAME',
  'PROV_MIDDLE_NAME',
  'PROV_LAST_NAME',
  'PROV_SUFFIX',
  'PROV_SPECIALTY',
  'PROV_ROLE',
  'ORG_UID',
  'ORG_NPI',
  'ORG_NAME',
  'ORG_ADDR1',
  'ORG_ADDR2',
  'ORG_CITY',
  'ORG_STATE',
  'ORG_ZIP',
  'ORG_COUNTRY',
  'ORG_PHONE',
  'ORG_FAX',
  'ORG_SPECIALTY',
  'ENTITY_TYPE',
  'ENDPOINT_VERIFIED_ON',
  'LAST_UPDATED',
] as const;

export type Column = (typeof COLUMNS)[number];

/** An empty text is an absent value. `extra`: columns that we do not know, by the name they came with. */
export type DirectoryRecord = Record<Column, string> & { extra?: Readonly<Record<string, string>> };

/** The lower-case layout of 2016 (directory §2.1), in its order. */
export const LAYOUT_2016: readonly (readonly [string, Column | undefined])[] = [
  ['hisp_operator', 'HISP_OPERATOR'],
  ['service_direct_address', 'DIRECT_ADDRESS'],
  ['service_description', 'SERVICE_DESCRIPTION'],
  ['provider_uid', 'PROV_UID'],
  ['provider_npi', 'PROV_NPI'],
  ['provider_first_name', 'PROV_FIRST_NAME'],
  ['provider_middle_name', 'PROV_MIDDLE_NAME'],
  ['provider_last_name', 'PROV_LAST_NAME'],
  ['provider_suffix', 'PROV_SUFFIX'],
  ['provider_healthcare_service_class', undefined],
  ['provider_specialty', 'PROV_SPECIALTY'],
  ['provider_role', 'PROV_ROLE'],
  ['organization_uid', 'ORG_UID'],
  ['organization_npi', 'ORG_NPI'],
  ['organization_name', 'ORG_NAME'],
  ['organization_address_line_1', 'ORG_ADDR1'],
  ['organization_address_line_2', 'ORG_ADDR2'],
  ['organization_city', 'ORG_CITY'],
  ['organization_state', 'ORG_STATE'],
  ['organization_postal_code', 'ORG_ZIP'],
  ['organization_phone', 'ORG_PHONE'],
  ['organization_healthcare_service_class', undefined],
  ['organization_specialty', 'ORG_SPECIALTY'],
];

/** Header names are compared in lower case, without underscores and blanks. */
export const foldHeader = (name: string): string => name.toLowerCase().replace(/[_ ]+/g, '');

/** Column of a folded header name; `change` says what an incremental contribution does with the record. */
export const KNOWN_HEADERS: ReadonlyMap<string, Column | 'CHANGE'> = new Map<string, Column | 'CHANGE'>([
  ...COLUMNS.map((column) => [foldHeader(column), column] as const),
  ...LAYOUT_2016.flatMap(([name, column]) => (column ? [[foldHeader(name), column] as const] : [])),
  ['change', 'CHANGE'],
]);

export const emptyRecord = (): DirectoryRecord => ({
  HISP_OPERATOR: '',
  DIRECT_ADDRESS: '',
  ADDRESS_TYPE: '',
  SERVICE_DESCRIPTION: '',
  PROV_UID: '',
  PROV_NPI: '',
  PROV_FIRST_NAME: '',
  PROV_MIDDLE_NAME: '',
  PROV_LAST_NAME: '',
  PROV_SUFFIX: '',
  PROV_SPECIALTY: '',
  PROV_ROLE: '',
  ORG_UID: '',
  ORG_NPI: '',
  ORG_NAME: '',
  ORG_ADDR1: '',
  ORG_ADDR2: '',
  ORG_CITY: '',
  ORG_STATE: '',
  ORG_ZIP: '',
  ORG_COUNTRY: '',
  ORG_PHONE: '',
  ORG_FAX: '',
  ORG_SPECIALTY: '',
  ENTITY_TYPE: '',
  ENDPOINT_VERIFIED_ON: '',
  LAST_UPDATED: '',
});

/** Name of the person, or of the organization, or the address. */
export const displayName = (record: DirectoryRecord): string =>
  [record.PROV_FIRST_NAME, record.PROV_MIDDLE_NAME, record.PROV_LAST_NAME, record.PROV_SUFFIX]
    .filter((part) => part !== '')
    .join(' ') ||
  record.SERVICE_DESCRIPTION ||
  record.ORG_NAME ||
  record.DIRECT_ADDRESS;

/** The day that a value names as YYYY-MM-DD, perhaps with a time, in ms UTC; undefined when it is none. */
export function dayOf(value: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ]|$)/.exec(value);
  if (!match) return undefined;
  const at = Date.parse(`${match[1]}T00:00:00Z`);
  return Number.isNaN(at) ? undefined : at;
}
