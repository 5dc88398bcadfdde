/**
 * Keys of the participating HISPs. A key is shown once, when it is made; what is kept is its digest. It has 192 random
 * bits, so the digest needs no salt, and finding it by the digest gives no hint of near misses.
 *
 * @module
 */
import { createHash, randomBytes } from 'node:crypto';
import type { SqlRow } from '../store/handle.ts';
import { type Directory, findContributor } from './directory.ts';
import { DirectoryError } from './error.ts';

export interface DirectoryKey {
  /** Names the key in lists; no secret. */
  readonly id: string;
  /** Id of the contributor that it belongs to. */
  readonly hisp: string;
  readonly label: string;
  /** Whether it opens downloads of the whole directory. */
  readonly bulk: boolean;
  readonly madeBy: string;
  readonly madeAt: number;
  readonly revokedAt: number | null;
}

export interface NewKey {
  readonly hisp: string;
  /** What the key is for; default the HISP's id. */
  readonly label?: string;
  readonly bulk?: boolean;
  readonly by: string;
}

const PREFIX = 'adk_';
const digestOf = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Makes a key. `key` is shown now and never again. @throws {DirectoryError} `unknown`: no such contributor */
export function addKey(
  directory: Directory,
  fresh: NewKey,
): { readonly key: string; readonly made: DirectoryKey } {
  const { handle, tenant, host } = directory;
  const hisp = fresh.hisp.toLowerCase();
  if (!findContributor(directory, hisp)) {
    throw new DirectoryError('unknown', `there is no contributor "${fresh.hisp}"`, {
      hint: `Keys belong to HISPs that participate: anchorage directory contributor ${hisp}.`,
    });
  }
  const key = `${PREFIX}${randomBytes(24).toString('base64url')}`;
  const id = randomBytes(6).toString('hex');
  handle
    .prepare(
      `insert into directory_key (tenant, id, hisp, label, digest, bulk, made_by, made_at) values (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      tenant,
      id,
      hisp,
      (fresh.label?.trim() || hisp).slice(0, 100),
      digestOf(key),
      fresh.bulk ? 1 : 0,
      fresh.by,
      host.now(),
    );
  return { key, made: keys(directory).find((one) => one.id === id)! };
}

/** All keys, also revoked ones, by HISP and time. */
export function keys({ handle, tenant }: Directory, hisp?: string): DirectoryKey[] {
  return handle
    .prepare(
      'select * from directory_key where tenant = ? and (? is null or hisp = ?) order by hisp, made_at, id',
    )
    .all(tenant, hisp ?? null, hisp ?? null)
    .map(keyOf);
}

/** The key that opens, or nothing. */
export function findKey({ handle, tenant }: Directory, key: string): DirectoryKey | undefined {
  if (!key.startsWith(PREFIX) || key.length > 100) return undefined;
  const row = handle
    .prepare('select * from directory_key where digest = ? and tenant = ? and revoked_at is null')
    .get(digestOf(key), tenant);
  return row && keyOf(row);
}

/** From now on the key opens nothing. @throws {DirectoryError} `unknown`, `state`: it was revoked before */
export function revokeKey(directory: Directory, id: string, by: string): DirectoryKey {
  const { handle, tenant, host } = directory;
  const known = keys(directory).find((one) => one.id === id);
  if (!known) throw new DirectoryError('unknown', `there is no key ${id}`);
  if (known.revokedAt !== null) throw new DirectoryError('state', `the key ${id} was revoked before`);
  handle
    .prepare('update directory_key set revoked_at = ?, revoked_by = ? where tenant = ? and id = ?')
    .run(host.now(), by, tenant, id);
  return { ...known, revokedAt: host.now() };
}

const keyOf = (row: SqlRow): DirectoryKey => ({
  id: String(row['id']),
  hisp: String(row['hisp']),
  label: String(row['label']),
  bulk: row['bulk'] === 1,
  madeBy: String(row['made_by']),
  madeAt: Number(row['made_at']),
  revokedAt: row['revoked_at'] === null ? null : Number(row['revoked_at']),
});
