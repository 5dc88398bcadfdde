/**
 * Reads entries for LDAP, with as little work as they take: a row says who, where and at which organization, and those
 * are versions that never change and are remembered.
 *
 * @module
 */
import { comparable } from '../../ldap/attributes.ts';
import type { SqlList, SqlValue } from '../../store/handle.ts';
import { type Reader, visibleRows } from '../access.ts';
import type { Condition } from '../choices.ts';
import { AT_REVISION, currentRevision, type Directory } from '../directory.ts';
import { type Column, type DirectoryRecord, emptyRecord } from '../record.ts';
import { MADE_ID, organizationId } from '../write/rows.ts';
import { bounded } from './bounded.ts';
import { byOrganizationUid, type Path } from './paths.ts';

/** An entry of the directory as LDAP needs it. */
export interface Found {
  /** `directory_role.n`. */
  readonly n: number;
  readonly record: DirectoryRecord;
}

/** The directory as one kind of reader sees it at this moment. */
export interface Reading {
  /** The entries of an address. */
  byAddress(address: string): Found[];
  /** Entries that a path leads to, in ascending order of number, after a number. */
  along(path: Path, after: number, limit: number): Found[];
  /** The entry that tells of an organization: the first that names it. */
  representative(uid: string): Found | undefined;
}

const VERSIONS = {
  practitioner: [
    'PROV_UID',
    'PROV_NPI',
    'PROV_FIRST_NAME',
    'PROV_MIDDLE_NAME',
    'PROV_LAST_NAME',
    'PROV_SUFFIX',
    'PROV_SPECIALTY',
  ],
  organization: ['ORG_UID', 'ORG_NPI', 'ORG_NAME', 'ORG_PHONE', 'ORG_FAX', 'ORG_SPECIALTY'],
  location: ['ORG_ADDR1', 'ORG_ADDR2', 'ORG_CITY', 'ORG_STATE', 'ORG_ZIP', 'ORG_COUNTRY'],
} as const satisfies Record<string, readonly Column[]>;

type Version = keyof typeof VERSIONS;

const ROLE = `r.n, r.practitioner, r.organization, r.location, r.address_type, r.service_description, r.prov_role`;
const ROW = `${ROLE}, e.address`;
/** The joins are for conditions of visibility; SQLite leaves out those that nothing is taken of. */
const FROM = `directory_role r join directory_endpoint e on e.n = r.endpoint
  left join directory_organization o on o.n = r.organization
  left join directory_contributor c on c.n = r.contributor`;

/** Versions that are remembered, of each kind. */
const REMEMBERED = 20_000;

/** What is the same for all readers. */
export interface Versions {
  read(kind: Version, n: SqlValue): SqlList | undefined;
}

export function versionsOf({ handle }: Directory): Versions {
  const kinds = Object.entries(VERSIONS).map(([kind, columns]) => {
    const text = `select ${columns.join(', ').toLowerCase()} from directory_${kind} where n = ?`;
    return [kind, { statement: handle.prepare(text), kept: bounded<number, SqlList>(REMEMBERED) }] as const;
  });
  const by = Object.fromEntries(kinds) as Record<Version, (typeof kinds)[number][1]>;
  return {
    read(kind, n) {
      if (typeof n !== 'number') return undefined;
      const { statement, kept } = by[kind];
      const known = kept.get(n);
      if (known) return known;
      const [row] = statement.lists(n);
      if (row) kept.set(n, row);
      return row;
    },
  };
}

/** Entries that are looked at for the first of an organization: keys that differ in blanks only are few. */
const FIRST = 32;

/** Organizations whose first entry is remembered. */
const REPRESENTATIVES = 20_000;

/** Good until another revision is shown or somebody chooses anew. */
export function openReading(directory: Directory, reader: Reader, versions: Versions): Reading {
  const { handle, tenant } = directory;
  const revision = currentRevision(directory);
  const seen: Condition = visibleRows(directory, reader);
  const shown = `r.tenant = ? and ${AT_REVISION} and (${seen.sql})`;
  const showing: readonly SqlValue[] = [tenant, revision, revision, ...seen.values];
  const first = bounded<string, { found: Found | undefined }>(REPRESENTATIVES);
  const endpoint = handle.prepare('select n from directory_endpoint where address = ? and tenant = ?');
  // SQLite prepares a join anew for each of its values, which costs ten times what the look-up does; with the join in
  // a question about the row it does not
  const at = handle.prepare(
    `select ${ROLE} from directory_role r where r.endpoint = ? and r.tenant = ? and ${AT_REVISION} and exists
     (select 1 from directory_endpoint e left join directory_organization o on o.n = r.organization
      left join directory_contributor c on c.n = r.contributor where e.n = r.endpoint and (${seen.sql}))`,
  );

  const foundOf = (row: SqlList, known?: string): Found => {
    const record = emptyRecord();
    const fill = (kind: Version, n: SqlValue | undefined): void => {
      const values = versions.read(kind, n ?? null);
      if (!values) return;
      const columns = VERSIONS[kind];
      for (let i = 0; i < columns.length; i++) record[columns[i]!] = values[i] as string;
    };
    const [n, practitioner, organization, location, type, description, role, address] = row;
    record.DIRECT_ADDRESS = known ?? (address as string);
    record.ADDRESS_TYPE = type as string;
    record.SERVICE_DESCRIPTION = description as string;
    record.PROV_ROLE = role as string;
    fill('practitioner', practitioner);
    fill('organization', organization);
    fill('location', location);
    // ids that we made are nobody's; they follow from the rest
    if (record.PROV_UID.startsWith(MADE_ID)) record.PROV_UID = '';
    if (record.ORG_UID.startsWith(MADE_ID)) record.ORG_UID = '';
    return { n: n as number, record };
  };

  const rows = (path: Path, after: number, limit: number): readonly SqlList[] => {
    switch (path.kind) {
      case 'nothing':
        return [];
      case 'words':
        return handle
          .prepare(
            `select ${ROW} from directory_words w join ${FROM.replace('directory_role r', 'directory_role r on r.n = w.rowid')}
             where directory_words match ? and w.rowid > ? and ${shown} order by w.rowid limit ?`,
          )
          .lists(path.query, after, ...showing, limit);
      case 'any': {
        const some = new Map<number, SqlList>();
        for (const part of path.paths) {
          for (const row of rows(part, after, limit)) some.set(row[0] as number, row);
        }
        // each part gave its first ones, so the first of all are among them
        return [...some]
          .sort(([a], [b]) => a - b)
          .slice(0, limit)
          .map(([, row]) => row);
      }
      default: {
        const [condition, values] = path.kind === 'rows' ? [`${path.sql} and`, path.values] : ['', []];
        return handle
          .prepare(`select ${ROW} from ${FROM} where ${condition} r.n > ? and ${shown} order by r.n limit ?`)
          .lists(...values, after, ...showing, limit);
      }
    }
  };

  return {
    byAddress(address) {
      const [found] = endpoint.lists(address, tenant);
      if (!found) return [];
      const entries = at.lists(found[0]!, ...showing).map((row) => foundOf(row, address));
      return entries.length > 1 ? entries.sort((a, b) => a.n - b.n) : entries;
    },
    along: (path, after, limit) => rows(path, after, limit).map((row) => foundOf(row)),
    representative(uid) {
      const key = comparable(uid);
      const known = first.get(key);
      if (known) return known.found;
      const path = byOrganizationUid(uid);
      // a key of other letters is looked for as it is: to look at all of them would take too long here
      const rowsOf: Path =
        path.kind === 'rows'
          ? path
          : {
              kind: 'rows',
              sql: 'r.organization in (select n from directory_organization where org_uid = ?)',
              values: [uid],
            };
      const found = rows(rowsOf, 0, FIRST)
        .map((row) => foundOf(row))
        .find(({ record }) => comparable(organizationId(record)) === key);
      first.set(key, { found });
      return found;
    },
  };
}
