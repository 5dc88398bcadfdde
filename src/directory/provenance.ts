/**
 * Where each value of an entry comes from, and what was said before.
 *
 * @module
 */
import type { Directory } from './directory.ts';
import { type Entry, entry } from './entries.ts';
import { COLUMNS, type Column, type DirectoryRecord } from './record.ts';

/** One version of what a contributor says of a key. */
export interface Version {
  readonly n: number;
  readonly born: number;
  /** The revision that ended it; null: it is shown. */
  readonly gone: number | null;
}

/** All versions of the key that row `n` has, oldest first. */
export function versionsOf({ handle, tenant }: Directory, n: number): Version[] {
  return handle
    .prepare(
      `select v.n, v.born, v.gone from directory_role r
       join directory_role v on v.endpoint = r.endpoint and v.contributor = r.contributor
       left join directory_practitioner rp on rp.n = r.practitioner
       left join directory_practitioner vp on vp.n = v.practitioner
       left join directory_organization ro on ro.n = r.organization
       left join directory_organization vo on vo.n = v.organization
       where r.n = ? and r.tenant = ? and rp.prov_uid is vp.prov_uid and ro.org_uid is vo.org_uid order by v.n`,
    )
    .all(n, tenant)
    .map((row) => ({
      n: Number(row['n']),
      born: Number(row['born']),
      gone: row['gone'] === null ? null : Number(row['gone']),
    }));
}

/** Since when a value is what it is. */
export interface Provenance {
  readonly column: Column;
  readonly value: string;
  readonly contributor: string;
  /** Contribution that brought the value, and name, line and time of its file. */
  readonly contribution: number;
  readonly source: string;
  readonly line: number;
  readonly at: number;
}

/** For each value of the entry `n`: the contribution that brought it. */
export function provenance(directory: Directory, n: number): Provenance[] {
  const before = versionsOf(directory, n)
    .filter((version) => version.n <= n)
    .reverse()
    .map((version) => entry(directory, version.n)!);
  const [newest] = before;
  if (!newest) return [];
  return COLUMNS.filter((column) => newest.record[column] !== '').flatMap((column) => {
    let since: Entry = newest;
    for (const older of before) {
      if (older.record[column] !== newest.record[column]) break;
      since = older;
    }
    const origin = originAt(directory, since.born);
    return origin
      ? [
          {
            column,
            value: newest.record[column],
            contributor: newest.contributor,
            line: since.line,
            ...origin,
          },
        ]
      : [];
  });
}

export interface Origin {
  readonly contribution: number;
  readonly source: string;
  readonly by: string;
  readonly at: number;
}

/** The contribution that made a revision. */
export function originAt({ handle, tenant }: Directory, revision: number): Origin | undefined {
  const row = handle
    .prepare(
      'select id, source, "by", started_at from directory_contribution where tenant = ? and revision = ?',
    )
    .get(tenant, revision);
  return (
    row && {
      contribution: Number(row['id']),
      source: String(row['source']),
      by: String(row['by']),
      at: Number(row['started_at']),
    }
  );
}

export interface FieldChange {
  /** Name of a column, ours or one that we do not know. */
  readonly column: string;
  readonly before: string;
  readonly after: string;
}

/** What differs between two records. */
export function differences(before: DirectoryRecord, after: DirectoryRecord): FieldChange[] {
  const extra = [...new Set([...Object.keys(before.extra ?? {}), ...Object.keys(after.extra ?? {})])];
  return [
    ...COLUMNS.map((column) => ({ column, before: before[column], after: after[column] })),
    ...extra.map((column) => ({
      column,
      before: before.extra?.[column] ?? '',
      after: after.extra?.[column] ?? '',
    })),
  ].filter((change) => change.before !== change.after);
}
