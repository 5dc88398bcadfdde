/**
 * A dry run: what a contribution would change, without changing anything.
 *
 * @module
 */
import { nextTurn } from '../net/turn.ts';
import { openScratch } from '../store/handle.ts';
import type { ContributeRequest } from './contribute.ts';
import type { Counts } from './contributions.ts';
import { AT_REVISION, currentRevision, type Directory, findContributor } from './directory.ts';
import { entry } from './entries.ts';
import { DirectoryError } from './error.ts';
import { differences, type FieldChange } from './provenance.ts';
import { readerOf } from './read/index.ts';
import type { Fault } from './read/item.ts';
import { organizationId, practitionerId, rowWriter } from './write/rows.ts';

export interface Change {
  readonly what: 'added' | 'changed' | 'removed';
  readonly address: string;
  /** Line of the file; 0 for what the file no longer has. */
  readonly line: number;
  readonly fields: readonly FieldChange[];
}

export interface Preview {
  readonly counts: Counts;
  /** The first changes and faults; the counts are of all. */
  readonly changes: readonly Change[];
  readonly faults: readonly Fault[];
  /** Whether it would be refused. */
  readonly refused: boolean;
}

/** @throws {DirectoryError} `format`, `unknown` */
export async function preview(
  directory: Directory,
  request: ContributeRequest,
  shown = 1000,
): Promise<Preview> {
  const { handle, tenant, host } = directory;
  const { source, kind = 'whole', tolerate = 0 } = request;
  const contributor = findContributor(directory, request.contributor);
  if (!contributor) throw new DirectoryError('unknown', `there is no contributor "${request.contributor}"`);
  const { find } = rowWriter(directory, contributor.n, 0);
  const counts: { -readonly [K in keyof Counts]: number } = {
    added: 0,
    changed: 0,
    unchanged: 0,
    removed: 0,
    errors: 0,
    warnings: 0,
  };
  const changes: Change[] = [];
  const faults: Fault[] = [];
  const tell = (change: Change): void => {
    counts[change.what] += 1;
    if (changes.length < shown) changes.push(change);
  };
  const wrong = (fault: Fault, level: 'errors' | 'warnings'): void => {
    counts[level] += 1;
    if (faults.length < shown) faults.push(fault);
  };
  const scratch = openScratch();
  try {
    scratch.exec('create table key (text text primary key, line integer)');
    scratch.exec('create table seen (n integer primary key)');
    const known = scratch.prepare('select line from key where text = ?');
    const keep = scratch.prepare('insert into key values (?, ?)');
    const see = scratch.prepare('insert or ignore into seen values (?)');
    const seen = scratch.prepare('select n from seen where n = ?');
    let count = 0;
    for (const item of readerOf(source.format, request.mapping)(source.chunks())) {
      if (++count % 1000 === 0) await host.hold(nextTurn());
      if (item.kind === 'fault') {
        wrong(item.fault, 'errors');
        continue;
      }
      const { record, line } = item;
      const address = record.DIRECT_ADDRESS.toLowerCase();
      const n = find(record);
      if (item.change === 'delete') {
        if (n !== undefined) tell({ what: 'removed', address, line, fields: [] });
        else
          wrong(
            {
              line,
              column: 'DIRECT_ADDRESS',
              found: `${address}, which is not there`,
              expected: 'an entry that the contributor has',
            },
            'warnings',
          );
        continue;
      }
      const key = [address, practitionerId(record), organizationId(record)].join('\u0000');
      const before = known.get(key);
      if (before) {
        const found = `the key of line ${String(before['line'])} again: ${address}`;
        const expected = 'each key (address, PROV_UID, ORG_UID) once';
        wrong(
          { line, column: 'DIRECT_ADDRESS', found, expected },
          source.format === 'nppes' ? 'warnings' : 'errors',
        );
        continue;
      }
      keep.run(key, line);
      if (n === undefined) {
        tell({ what: 'added', address, line, fields: [] });
        continue;
      }
      see.run(n);
      const fields = differences(entry(directory, n)!.record, { ...record, DIRECT_ADDRESS: address });
      if (fields.length === 0) counts.unchanged += 1;
      else tell({ what: 'changed', address, line, fields });
    }
    if (kind === 'whole') {
      const revision = currentRevision(directory);
      const rows = handle
        .prepare(
          `select r.n, e.address from directory_role r join directory_endpoint e on e.n = r.endpoint where r.tenant = ? and r.contributor = ? and ${AT_REVISION}`,
        )
        .each(tenant, contributor.n, revision, revision);
      for (const row of rows) {
        if (!seen.get(Number(row['n']))) {
          tell({ what: 'removed', address: String(row['address']), line: 0, fields: [] });
        }
      }
    }
  } finally {
    scratch.close();
  }
  return { counts, changes, faults, refused: counts.errors > tolerate };
}
