/**
 * Entries as they are read: the record, and what we know of it ourselves.
 *
 * @module
 */
import type { SqlRow } from '../store/handle.ts';
import { AT_REVISION, currentRevision, type Directory } from './directory.ts';
import { PATIENT_CERTIFICATE } from './patient.ts';
import { COLUMNS, type Column, type DirectoryRecord, emptyRecord } from './record.ts';
import { MADE_ID } from './write/rows.ts';

export type Verification = 'never' | 'verified' | 'failed' | 'temporary';

export interface Entry {
  /** Number of this version of the entry; another one after each change. */
  readonly n: number;
  readonly record: DirectoryRecord;
  /** Id of the contributor. */
  readonly contributor: string;
  /** Numbers of the versions that it refers to. */
  readonly endpoint: number;
  readonly practitioner: number | null;
  readonly organization: number | null;
  readonly location: number | null;
  /** When the address was first seen, ms UTC. */
  readonly firstSeen: number;
  /** Our own last verification. */
  readonly verifiedAt: number | null;
  readonly verification: Verification;
  /** Since when it fails, ms UTC. */
  readonly failingSince: number | null;
  /** False: nobody vouches for it now (never verified by anybody, or found without a usable certificate). */
  readonly active: boolean;
  /** The certificate that discovery found is a patient's. */
  readonly patientCertificate?: true;
  /** Revision that it came with, and line of the file. */
  readonly born: number;
  readonly line: number;
}

/** Where each column is. */
const SOURCE: Readonly<Record<Column, string>> = {
  HISP_OPERATOR: 'h.name',
  DIRECT_ADDRESS: 'e.address',
  ADDRESS_TYPE: 'r.address_type',
  SERVICE_DESCRIPTION: 'r.service_description',
  PROV_UID: 'p.prov_uid',
  PROV_NPI: 'p.prov_npi',
  PROV_FIRST_NAME: 'p.prov_first_name',
  PROV_MIDDLE_NAME: 'p.prov_middle_name',
  PROV_LAST_NAME: 'p.prov_last_name',
  PROV_SUFFIX: 'p.prov_suffix',
  PROV_SPECIALTY: 'p.prov_specialty',
  PROV_ROLE: 'r.prov_role',
  ORG_UID: 'o.org_uid',
  ORG_NPI: 'o.org_npi',
  ORG_NAME: 'o.org_name',
  ORG_ADDR1: 'l.org_addr1',
  ORG_ADDR2: 'l.org_addr2',
  ORG_CITY: 'l.org_city',
  ORG_STATE: 'l.org_state',
  ORG_ZIP: 'l.org_zip',
  ORG_COUNTRY: 'l.org_country',
  ORG_PHONE: 'o.org_phone',
  ORG_FAX: 'o.org_fax',
  ORG_SPECIALTY: 'o.org_specialty',
  ENTITY_TYPE: 'r.entity_type',
  ENDPOINT_VERIFIED_ON: 'r.endpoint_verified_on',
  LAST_UPDATED: 'r.last_updated',
};

/** Selects what `entryOf` reads; `r`, `e`, `p`, `o`, `l`, `h`, `c` are role, endpoint … operator and contributor. */
export const SELECT_ENTRY = `select r.n, r.extra, r.endpoint, r.practitioner, r.organization, r.location, r.born, r.line,
  e.first_seen, e.verified_at, e.outcome, e.failing_since, ${PATIENT_CERTIFICATE} as patient_certificate, c.id as contributor,
  ${COLUMNS.map((column) => `${SOURCE[column]} as ${column.toLowerCase()}`).join(', ')}
  from directory_role r
  join directory_endpoint e on e.n = r.endpoint
  join directory_operator h on h.n = r.operator
  join directory_contributor c on c.n = r.contributor
  left join directory_practitioner p on p.n = r.practitioner
  left join directory_organization o on o.n = r.organization
  left join directory_location l on l.n = r.location`;

const KEYS = COLUMNS.map((column) => [column, column.toLowerCase()] as const);

export function recordOf(row: SqlRow): DirectoryRecord {
  const record = emptyRecord();
  for (const [column, key] of KEYS) {
    const value = row[key];
    if (typeof value === 'string') record[column] = value;
  }
  if (record.PROV_UID.startsWith(MADE_ID)) record.PROV_UID = '';
  if (record.ORG_UID.startsWith(MADE_ID)) record.ORG_UID = '';
  const extra = row['extra'];
  if (typeof extra === 'string') record.extra = JSON.parse(extra) as Record<string, string>;
  return record;
}

const numberOrNull = (value: string | number | null | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);

export function entryOf(row: SqlRow): Entry {
  const record = recordOf(row);
  const verification = (row['outcome'] ?? 'never') as Verification;
  return {
    n: Number(row['n']),
    record,
    contributor: String(row['contributor']),
    endpoint: Number(row['endpoint']),
    practitioner: numberOrNull(row['practitioner']),
    organization: numberOrNull(row['organization']),
    location: numberOrNull(row['location']),
    firstSeen: Number(row['first_seen']),
    verifiedAt: numberOrNull(row['verified_at']),
    verification,
    failingSince: numberOrNull(row['failing_since']),
    active: verification === 'verified' || (verification !== 'failed' && record.ENDPOINT_VERIFIED_ON !== ''),
    ...(row['patient_certificate'] === 1 ? { patientCertificate: true } : {}),
    born: Number(row['born']),
    line: Number(row['line']),
  };
}

// one text, not one made at each call: it is what the prepared statement is found by
const BY_ADDRESS = `${SELECT_ENTRY} where e.address = ? and e.tenant = ? and ${AT_REVISION} order by r.n`;

/** The entries of an address, of all contributors. `at`: a revision; default what is shown. */
export function lookUp(directory: Directory, address: string, at = currentRevision(directory)): Entry[] {
  return directory.handle
    .prepare(BY_ADDRESS)
    .all(address.trim().toLowerCase(), directory.tenant, at, at)
    .map(entryOf);
}

/** One version of an entry, also one that is gone. */
export function entry(directory: Directory, n: number): Entry | undefined {
  const row = directory.handle
    .prepare(`${SELECT_ENTRY} where r.n = ? and r.tenant = ?`)
    .get(n, directory.tenant);
  return row && entryOf(row);
}

export interface EntryFilter {
  /** A revision; default what is shown. */
  readonly at?: number;
  /** Id of a contributor. */
  readonly contributor?: string;
  /** Only after this number: for going through pages. */
  readonly after?: number;
  readonly limit?: number;
}

/** Entries in the order in which they came. The rows are read page by page, so others may write meanwhile. */
export function* entries(directory: Directory, filter: EntryFilter = {}): Generator<Entry> {
  const at = filter.at ?? currentRevision(directory);
  const contributor = filter.contributor ?? null;
  const page = directory.handle.prepare(
    `${SELECT_ENTRY} where r.n > ? and r.tenant = ? and ${AT_REVISION} and (? is null or c.id = ?) order by r.n limit ?`,
  );
  let after = filter.after ?? 0;
  let left = filter.limit ?? Number.POSITIVE_INFINITY;
  while (left > 0) {
    const size = Math.min(PAGE, left);
    const rows = page.all(after, directory.tenant, at, at, contributor, contributor, size);
    for (const row of rows) yield entryOf(row);
    if (rows.length < size) return;
    after = Number(rows.at(-1)!['n']);
    left -= rows.length;
  }
}

const PAGE = 1000;

/** How many entries a revision has. */
export function countEntries(directory: Directory, at = currentRevision(directory)): number {
  const row = directory.handle
    .prepare(`select count(*) as count from directory_role r where r.tenant = ? and ${AT_REVISION}`)
    .get(directory.tenant, at, at);
  return Number(row?.['count'] ?? 0);
}
