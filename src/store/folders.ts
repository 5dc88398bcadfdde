/**
 * Folders of a mailbox. `INBOX` is there as soon as it is asked for; it is never removed. Names are compared exactly,
 * INBOX in any case (RFC 3501 §5.1).
 *
 * @module
 */
import { type Selectable, sql } from 'kysely';
import { freeBlob } from './blob-use.ts';
import type { FolderTable } from './mailbox-schema.ts';
import { firstOf, prepared } from './prepared.ts';
import { atomically, type Scope } from './scope.ts';

export type FolderRow = Omit<Selectable<FolderTable>, 'tenant'>;

export const INBOX = 'INBOX';

/** Folders of one mailbox at most. */
export const MAX_FOLDERS = 1000;

/** The INBOX, made when it is missing. Within a transaction. */
export const inboxOf = async (inside: Scope, address: string): Promise<FolderRow> =>
  (await folderOf(inside, address, INBOX)) ?? (await addFolder(inside, address, INBOX, true));

export const folderOf = (scope: Scope, address: string, name: string): Promise<FolderRow | undefined> =>
  firstOf(selectFolder(scope, { address, name }));

const selectFolder = prepared((db, p: { tenant: string; address: string; name: string }) =>
  db
    .selectFrom('folder')
    .selectAll()
    .where('tenant', '=', p.tenant)
    .where('address', '=', p.address)
    .where('name', '=', p.name)
    .compile(),
);

export async function folderById({ db, tenant }: Scope, id: number): Promise<FolderRow | undefined> {
  return db
    .selectFrom('folder')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** All folders of an address, INBOX among them, by name. */
export function foldersOf(scope: Scope, address: string): Promise<FolderRow[]> {
  return atomically(scope, async (inside) => {
    await inboxOf(inside, address);
    return inside.db
      .selectFrom('folder')
      .selectAll()
      .where('tenant', '=', inside.tenant)
      .where('address', '=', address)
      .orderBy('name')
      .execute();
  });
}

async function addFolder(
  inside: Scope,
  address: string,
  name: string,
  subscribed: boolean,
): Promise<FolderRow> {
  const { db, tenant } = inside;
  return db
    .insertInto('folder')
    .values({
      tenant,
      address,
      name,
      selectable: 1,
      subscribed: subscribed ? 1 : 0,
      uid_validity: await nextValidity(inside, address),
      uid_next: 1,
      recent_from: 1,
      change: 1,
      removed_at: 0,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

async function nextValidity({ db, tenant }: Scope, address: string): Promise<number> {
  const row = await db
    .insertInto('mailbox')
    .values({ tenant, address, next_validity: 2, octets: 0 })
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'address']).doUpdateSet({ next_validity: sql`mailbox.next_validity + 1` }),
    )
    .returning('next_validity')
    .executeTakeFirstOrThrow();
  return row.next_validity - 1;
}

export type FolderChange = 'done' | 'none' | 'exists' | 'limit' | 'inbox';

/** Makes a folder and those above it. `exists`, `limit`. */
export function createFolder(scope: Scope, address: string, name: string): Promise<FolderChange> {
  return atomically(scope, async (inside) => {
    const all = await foldersOf(inside, address);
    const known = all.find((folder) => folder.name === name);
    if (known?.selectable) return 'exists';
    const steps = name.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
    const missing = steps.filter((step) => !all.some((folder) => folder.name === step));
    if (all.length + missing.length > MAX_FOLDERS) return 'limit';
    for (const step of missing) await addFolder(inside, address, step, false);
    if (known) await setFolder(inside, known.id, { selectable: 1 });
    return 'done';
  });
}

/** Removes a folder with its messages. One with folders below it stays as a bare name (RFC 3501 §6.3.4). */
export function deleteFolder(scope: Scope, address: string, name: string): Promise<FolderChange> {
  return atomically(scope, async (inside) => {
    if (name === INBOX) return 'inbox';
    const folder = await folderOf(inside, address, name);
    if (!folder?.selectable) return 'none';
    await emptyFolder(inside, folder);
    const below = (await foldersOf(inside, address)).some((other) => other.name.startsWith(`${name}/`));
    if (below) {
      const uid_validity = await nextValidity(inside, address);
      await setFolder(inside, folder.id, { selectable: 0, uid_validity, uid_next: 1, recent_from: 1 });
    } else {
      await inside.db
        .deleteFrom('folder')
        .where('tenant', '=', inside.tenant)
        .where('id', '=', folder.id)
        .execute();
    }
    inside.signal?.changed(address);
    return 'done';
  });
}

async function emptyFolder(inside: Scope, folder: FolderRow): Promise<void> {
  const { db, tenant } = inside;
  const gone = await db
    .deleteFrom('mailbox_item')
    .where('tenant', '=', tenant)
    .where('folder_id', '=', folder.id)
    .returning(['bytes_sha256', 'size'])
    .execute();
  for (const sha256 of new Set(gone.map((item) => item.bytes_sha256))) await freeBlob(inside, sha256);
  await addOctets(inside, folder.address, -gone.reduce((sum, { size }) => sum + size, 0));
}

/** Counts what a mailbox holds. */
export async function addOctets(scope: Scope, address: string, octets: number): Promise<void> {
  await countOctets(scope, { address, octets });
}

const countOctets = prepared((db, p: { tenant: string; address: string; octets: number }) =>
  db
    .updateTable('mailbox')
    .set({ octets: sql`octets + ${p.octets}` })
    .where('tenant', '=', p.tenant)
    .where('address', '=', p.address)
    .compile(),
);

/** Octets of all messages of an address. */
export const octetsOf = async (scope: Scope, address: string): Promise<number> =>
  (await firstOf(selectOctets(scope, { address })))?.octets ?? 0;

const selectOctets = prepared((db, p: { tenant: string; address: string }) =>
  db
    .selectFrom('mailbox')
    .select('octets')
    .where('tenant', '=', p.tenant)
    .where('address', '=', p.address)
    .compile(),
);

/** Renames a folder and those below it. Renaming INBOX moves what is in it (RFC 3501 §6.3.5). */
export function renameFolder(scope: Scope, address: string, from: string, to: string): Promise<FolderChange> {
  return atomically(scope, async (inside) => {
    const folder = from === INBOX ? await inboxOf(inside, address) : await folderOf(inside, address, from);
    if (!folder) return 'none';
    const all = await foldersOf(inside, address);
    // what was only a subscribed name gives way
    if (all.some(({ name }) => name === to) || to.startsWith(`${from}/`)) return 'exists';
    if (from === INBOX) {
      await setFolder(inside, folder.id, { name: to });
      await inboxOf(inside, address);
    } else {
      for (const { id, name } of all) {
        if (name === from || name.startsWith(`${from}/`)) {
          await setFolder(inside, id, { name: to + name.slice(from.length) });
        }
      }
    }
    const above = to.split('/').slice(0, -1).join('/');
    if (above !== '') await createFolder(inside, address, above);
    inside.signal?.changed(address);
    return 'done';
  });
}

/** Changes what is known of a folder. */
export async function setFolder(
  { db, tenant }: Scope,
  id: number,
  set: Partial<Omit<FolderRow, 'id'>>,
): Promise<void> {
  await db.updateTable('folder').set(set).where('tenant', '=', tenant).where('id', '=', id).execute();
}
