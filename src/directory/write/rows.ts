/**
 * Puts records into the tables, as rows that are born with a revision, and takes rows away again.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import type { SqlRow, SqlValue } from '../../store/handle.ts';
import type { Directory } from '../directory.ts';
import { folded, foldedUnlessAscii } from '../folded.ts';
import type { Column, DirectoryRecord } from '../record.ts';
import { indexWords } from './words.ts';

export type Put = 'added' | 'changed' | 'unchanged' | { readonly repeats: number };

export interface RowWriter {
  /** Makes the record what the contributor says of its key from this revision on. */
  put(record: DirectoryRecord, line: number): Put;
  /** Whether there was a row with the key. */
  remove(record: DirectoryRecord): boolean;
  /** Row numbers of what the contributor says now. */
  find(record: DirectoryRecord): number | undefined;
}

const ORGANIZATION = ['ORG_UID', 'ORG_NPI', 'ORG_NAME', 'ORG_PHONE', 'ORG_FAX', 'ORG_SPECIALTY'] as const;
const LOCATION = ['ORG_ADDR1', 'ORG_ADDR2', 'ORG_CITY', 'ORG_STATE', 'ORG_ZIP', 'ORG_COUNTRY'] as const;
const PRACTITIONER = [
  'PROV_UID',
  'PROV_NPI',
  'PROV_FIRST_NAME',
  'PROV_MIDDLE_NAME',
  'PROV_LAST_NAME',
  'PROV_SUFFIX',
  'PROV_SPECIALTY',
] as const;
const ROLE = [
  'ADDRESS_TYPE',
  'SERVICE_DESCRIPTION',
  'PROV_ROLE',
  'ENTITY_TYPE',
  'ENDPOINT_VERIFIED_ON',
  'LAST_UPDATED',
] as const;

/** How many rows of organizations and places are remembered. */
const REMEMBERED = 50_000;

/** Ids that we make begin so; they are never written out. */
export const MADE_ID = '~';

const SAME_KEY = `select r.n, r.operator, r.practitioner, r.organization, r.location, r.extra, r.line, r.born, r.seen,
  ${ROLE.map((column) => `r.${column.toLowerCase()}`).join(', ')}, p.prov_uid, o.org_uid
  from directory_role r
  left join directory_practitioner p on p.n = r.practitioner
  left join directory_organization o on o.n = r.organization
  where r.endpoint = ? and r.contributor = ? and r.gone is null`;

export function rowWriter(directory: Directory, contributor: number, revision: number): RowWriter {
  const { handle, tenant, host } = directory;
  const prepared = statements(directory);
  const operators = new Map<string, number>();
  const versions = new Map<string, number>();
  const places = new Map<string, number>();
  const firstSeen = host.now();

  const remember = (map: Map<string, number>, key: string, n: number): number => {
    if (map.size >= REMEMBERED) map.clear();
    map.set(key, n);
    return n;
  };
  const operatorOf = (name: string): number => {
    const known = operators.get(name);
    if (known !== undefined) return known;
    const row = handle
      .prepare('select n from directory_operator where tenant = ? and name = ?')
      .get(tenant, name);
    const n = row
      ? Number(row['n'])
      : handle.prepare('insert into directory_operator (tenant, name) values (?, ?)').run(tenant, name).id;
    return remember(operators, name, n);
  };
  /** The version of an organization or a practitioner that says the same, or a new one. */
  const versionOf = (
    kind: 'organization' | 'practitioner',
    columns: readonly Column[],
    values: readonly string[],
    key: string | null,
  ): number => {
    const { find, insert } = prepared[kind];
    for (const row of find.all(values[0]!, contributor)) {
      if (columns.every((column, i) => row[column.toLowerCase()] === values[i])) return Number(row['n']);
    }
    return insert.run(tenant, contributor, ...values, key).id;
  };
  const organizationOf = (record: DirectoryRecord, uid: string): number | null => {
    if (uid === '') return null;
    const values = ORGANIZATION.map((column) => record[column]);
    values[0] = uid;
    const key = values.join('\u0000');
    const known = versions.get(key);
    return (
      known ??
      remember(versions, key, versionOf('organization', ORGANIZATION, values, folded(record.ORG_NAME)))
    );
  };
  const practitionerOf = (record: DirectoryRecord, uid: string): number | null => {
    if (uid === '') return null;
    const values = PRACTITIONER.map((column) => record[column]);
    values[0] = uid;
    const {
      PROV_LAST_NAME: last,
      PROV_FIRST_NAME: first,
      PROV_MIDDLE_NAME: middle,
      PROV_SUFFIX: suffix,
    } = record;
    return versionOf('practitioner', PRACTITIONER, values, foldedUnlessAscii(last, first, middle, suffix));
  };
  const locationOf = (record: DirectoryRecord): number | null => {
    const values = LOCATION.map((column) => record[column]);
    if (values.every((value) => value === '')) return null;
    const key = values.join('\u0000');
    const known = places.get(key);
    if (known !== undefined) return known;
    const { find, insert } = prepared.location;
    for (const row of find.all(record.ORG_ZIP, record.ORG_ADDR1, tenant)) {
      if (LOCATION.every((column, i) => row[column.toLowerCase()] === values[i])) {
        return remember(places, key, Number(row['n']));
      }
    }
    return remember(places, key, insert.run(tenant, ...values, folded(record.ORG_CITY)).id);
  };
  const addressOf = (record: DirectoryRecord): string => record.DIRECT_ADDRESS.toLowerCase();
  const endpointOf = (address: string): number | undefined => {
    const row = prepared.endpoint.find.get(address, tenant);
    return row ? Number(row['n']) : undefined;
  };
  const sameKey = (endpoint: number, practitioner: string, organization: string): SqlRow | undefined =>
    prepared.sameKey
      .all(endpoint, contributor)
      .find((row) => (row['prov_uid'] ?? '') === practitioner && (row['org_uid'] ?? '') === organization);
  const existing = (record: DirectoryRecord): SqlRow | undefined => {
    const endpoint = endpointOf(addressOf(record));
    return endpoint === undefined
      ? undefined
      : sameKey(endpoint, practitionerId(record), organizationId(record));
  };

  return {
    put(record, line) {
      const address = addressOf(record);
      const person = practitionerId(record);
      const organization = organizationId(record);
      const known = endpointOf(address);
      const before = known === undefined ? undefined : sameKey(known, person, organization);
      if (before?.['seen'] === revision) return { repeats: Number(before['line']) };
      const endpoint = known ?? prepared.endpoint.insert.run(tenant, address, firstSeen).id;
      const values: SqlValue[] = [
        operatorOf(record.HISP_OPERATOR),
        practitionerOf(record, person),
        organizationOf(record, organization),
        locationOf(record),
        record.extra ? JSON.stringify(record.extra) : null,
        ...ROLE.map((column) => record[column]),
      ];
      if (before && COMPARED.every((column, i) => before[column] === values[i])) {
        prepared.seen.run(revision, line, Number(before['n']));
        return 'unchanged';
      }
      if (before) prepared.end.run(revision, Number(before['n']));
      const n = prepared.insert.run(tenant, contributor, endpoint, line, revision, revision, ...values).id;
      indexWords(directory, n, record, Number(values[0]));
      return before ? 'changed' : 'added';
    },
    remove(record) {
      const before = existing(record);
      if (!before) return false;
      prepared.end.run(revision, Number(before['n']));
      return true;
    },
    find(record) {
      const row = existing(record);
      return row && Number(row['n']);
    },
  };
}

const COMPARED: readonly string[] = [
  'operator',
  'practitioner',
  'organization',
  'location',
  'extra',
  ...ROLE.map((column) => column.toLowerCase()),
];

const names = (columns: readonly string[]): string => columns.join(', ').toLowerCase();
const marks = (count: number): string => Array.from({ length: count }, () => '?').join(', ');

function statements({ handle }: Directory) {
  const version = (table: string, columns: readonly string[]) => ({
    find: handle.prepare(
      `select n, ${names(columns)} from ${table} where ${columns[0]!.toLowerCase()} = ? and contributor = ?`,
    ),
    insert: handle.prepare(
      `insert into ${table} (tenant, contributor, ${names(columns)}, name_key) values (${marks(columns.length + 3)})`,
    ),
  });
  return {
    organization: version('directory_organization', ORGANIZATION),
    practitioner: version('directory_practitioner', PRACTITIONER),
    location: {
      find: handle.prepare(
        `select n, ${names(LOCATION)} from directory_location where org_zip = ? and org_addr1 = ? and tenant = ?`,
      ),
      insert: handle.prepare(
        `insert into directory_location (tenant, ${names(LOCATION)}, city_key) values (${marks(LOCATION.length + 2)})`,
      ),
    },
    endpoint: {
      find: handle.prepare('select n from directory_endpoint where address = ? and tenant = ?'),
      insert: handle.prepare('insert into directory_endpoint (tenant, address, first_seen) values (?, ?, ?)'),
    },
    sameKey: handle.prepare(SAME_KEY),
    seen: handle.prepare('update directory_role set seen = ?, line = ? where n = ?'),
    end: handle.prepare('update directory_role set gone = ? where n = ?'),
    insert: handle.prepare(
      `insert into directory_role (tenant, contributor, endpoint, line, born, seen, operator, practitioner, organization,
       location, extra, ${names(ROLE)}) values (${marks(11 + ROLE.length)})`,
    ),
  };
}

/** The contributor's id of the person; made of NPI or name where there is none; '' for an entry without a person. */
export const practitionerId = (record: DirectoryRecord): string =>
  record.PROV_UID ||
  madeId(
    record.PROV_NPI,
    record.PROV_FIRST_NAME,
    record.PROV_MIDDLE_NAME,
    record.PROV_LAST_NAME,
    record.PROV_SUFFIX,
  );

export const organizationId = (record: DirectoryRecord): string =>
  record.ORG_UID || madeId(record.ORG_NPI, record.ORG_NAME);

function madeId(npi: string, ...rest: readonly string[]): string {
  if (npi !== '') return `${MADE_ID}${npi}`;
  if (rest.every((part) => part === '')) return '';
  return `${MADE_ID}${createHash('sha256').update(rest.join('\u0000').toLowerCase()).digest('base64url').slice(0, 16)}`;
}
