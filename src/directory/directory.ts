/**
 * The address directory of a network: opens it, and says what is shown.
 *
 * Everything else of this folder takes the `Directory` that `openDirectory` gives. Writers and readers may have one
 * each, of the same file, in one process or several.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import type { Host } from '../net/host.ts';
import { type Handle, openHandle } from '../store/handle.ts';
import { openStore } from '../store/open.ts';
import { DirectoryError } from './error.ts';

export interface Directory {
  readonly host: Host;
  readonly handle: Handle;
  readonly tenant: string;
  close(): void;
}

export interface DirectoryOptions {
  /** A file: the directory is too large for memory alone. */
  readonly file: string;
  /** Default `main`. */
  readonly tenant?: string;
  readonly readOnly?: boolean;
}

/** @throws {Error} what SQLite or the file system said */
export async function openDirectory(host: Host, options: DirectoryOptions): Promise<Directory> {
  const { file, tenant = 'main', readOnly = false } = options;
  if (file === ':memory:') throw new DirectoryError('source', 'a directory is kept in a file, not in memory');
  if (!readOnly) await (await openStore(host, { file })).close();
  const handle = openHandle(file, { readOnly });
  if (!readOnly) {
    handle
      .prepare(
        'insert into directory_state (tenant, revision, applying) values (?, 0, null) on conflict do nothing',
      )
      .run(tenant);
    handle
      .prepare('update directory_state set secret = ? where tenant = ? and secret is null')
      .run(randomBytes(32).toString('hex'), tenant);
  }
  return { host, handle, tenant, close: () => handle.close() };
}

/** The revision that is shown; 0: nothing yet. */
export function currentRevision({ handle, tenant }: Directory): number {
  const row = handle.prepare('select revision from directory_state where tenant = ?').get(tenant);
  return Number(row?.['revision'] ?? 0);
}

/** Condition of the rows of a revision; takes the revision twice. */
export const AT_REVISION = 'r.born <= ? and (r.gone is null or r.gone > ?)';

export interface Contributor {
  readonly n: number;
  readonly id: string;
  readonly name: string;
  /** Domains that it may contribute addresses of; empty: any. */
  readonly domains: readonly string[];
  readonly approval: boolean;
}

export interface NewContributor {
  readonly id: string;
  readonly name?: string;
  readonly domains?: readonly string[];
  /** Whether what it contributes waits for an operator. Default no. */
  readonly approval?: boolean;
}

/** Adds a contributor, or changes what is said of it. @throws {DirectoryError} for an id that is none */
export function putContributor(directory: Directory, contributor: NewContributor): Contributor {
  const { handle, tenant, host } = directory;
  const { id, name, domains, approval } = contributor;
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(id)) {
    throw new DirectoryError('unknown', `"${id}" cannot name a contributor; expected a-z, 0-9 and hyphens`);
  }
  const known = findContributor(directory, id);
  handle
    .prepare(
      `insert into directory_contributor (tenant, id, name, domains, approval, created_at) values (?, ?, ?, ?, ?, ?)
       on conflict (tenant, id) do update set name = excluded.name, domains = excluded.domains, approval = excluded.approval`,
    )
    .run(
      tenant,
      id,
      name ?? known?.name ?? id,
      JSON.stringify((domains ?? known?.domains ?? []).map((domain) => domain.toLowerCase())),
      (approval ?? known?.approval ?? false) ? 1 : 0,
      host.now(),
    );
  return findContributor(directory, id)!;
}

export const findContributor = (directory: Directory, id: string): Contributor | undefined =>
  contributors(directory).find((contributor) => contributor.id === id);

export function contributors({ handle, tenant }: Directory): Contributor[] {
  return handle
    .prepare('select * from directory_contributor where tenant = ? order by id')
    .all(tenant)
    .map((row) => ({
      n: Number(row['n']),
      id: String(row['id']),
      name: String(row['name']),
      domains: JSON.parse(String(row['domains'])) as string[],
      approval: row['approval'] === 1,
    }));
}
