/**
 * Dated publications: the directory of a day, which never changes afterwards.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { nextTurn } from '../net/turn.ts';
import { isPublished } from './choices.ts';
import { AT_REVISION, currentRevision, type Directory } from './directory.ts';
import { entries } from './entries.ts';
import { DirectoryError } from './error.ts';

export interface Manifest {
  readonly entries: number;
  /** Entries that are in the directory and not published. */
  readonly withheld: number;
  readonly hisps: Readonly<Record<string, number>>;
  /** Against the publication before. */
  readonly added: number;
  readonly removed: number;
}

export interface Snapshot {
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly revision: number;
  readonly madeAt: number;
  readonly manifest: Manifest;
  /** SHA-256 of the published records as NDJSON. */
  readonly checksum: string;
}

/** Publishes what is shown now under a day. @throws {DirectoryError} `state`: the day has a publication */
export async function publish(directory: Directory, day: string): Promise<Snapshot> {
  const { handle, tenant, host } = directory;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day))
    throw new DirectoryError('unknown', `"${day}" is no day; expected YYYY-MM-DD`);
  const [last] = snapshots(directory);
  if (last && last.day >= day) {
    throw new DirectoryError('state', `there is a publication of ${last.day}; a later day is expected`);
  }
  const revision = currentRevision(directory);
  const hash = createHash('sha256');
  const hisps: Record<string, number> = {};
  const published = isPublished(directory);
  let count = 0;
  let withheld = 0;
  for (const entry of entries(directory, { at: revision })) {
    if ((count + withheld) % 1000 === 999) await host.hold(nextTurn());
    if (!published(entry)) {
      withheld += 1;
      continue;
    }
    count += 1;
    hash.update(`${JSON.stringify(entry.record)}\n`);
    const { HISP_OPERATOR: hisp } = entry.record;
    hisps[hisp] = (hisps[hisp] ?? 0) + 1;
  }
  const manifest: Manifest = {
    entries: count,
    withheld,
    hisps,
    ...changesSince(directory, last?.revision ?? 0, revision),
  };
  handle
    .prepare(
      'insert into directory_snapshot (tenant, day, revision, made_at, manifest, checksum) values (?, ?, ?, ?, ?, ?)',
    )
    .run(tenant, day, revision, host.now(), JSON.stringify(manifest), hash.digest('hex'));
  return snapshot(directory, day);
}

/** Versions of entries that one revision has and the other has not; a changed entry counts in both. */
export function changesSince(
  { handle, tenant }: Directory,
  before: number,
  after: number,
): { readonly added: number; readonly removed: number } {
  const count = (has: number, hasNot: number): number =>
    Number(
      handle
        .prepare(
          `select count(*) as count from directory_role r where r.tenant = ? and ${AT_REVISION} and not (${AT_REVISION})`,
        )
        .get(tenant, has, has, hasNot, hasNot)?.['count'] ?? 0,
    );
  return { added: count(after, before), removed: count(before, after) };
}

/** Newest first. */
export function snapshots({ handle, tenant }: Directory): Snapshot[] {
  return handle
    .prepare('select * from directory_snapshot where tenant = ? order by day desc')
    .all(tenant)
    .map((row) => ({
      day: String(row['day']),
      revision: Number(row['revision']),
      madeAt: Number(row['made_at']),
      manifest: JSON.parse(String(row['manifest'])) as Manifest,
      checksum: String(row['checksum']),
    }));
}

/** @throws {DirectoryError} `unknown` */
export function snapshot(directory: Directory, day: string): Snapshot {
  const found = snapshots(directory).find((one) => one.day === day);
  if (found) return found;
  throw new DirectoryError('unknown', `there is no publication of ${day}`, {
    hint: `There are ${
      snapshots(directory)
        .slice(0, 5)
        .map((one) => one.day)
        .join(', ') || 'none yet'
    }.`,
  });
}
