/**
 * Messages in folders: unique identifiers that only go up, flags, copies, removal.
 *
 * Every change counts the folder's `change` up in the same transaction, so that who saw a number knows whether there
 * is anything new since.
 *
 * @module
 */
import { sql } from 'kysely';
import { freeBlob } from './blob-use.ts';
import { addOctets, type FolderRow } from './folders.ts';
import type { MailboxItem } from './mailbox.ts';
import { firstOf, prepared } from './prepared.ts';
import { atomically, type Scope } from './scope.ts';

export type NewItem = Omit<MailboxItem, 'id' | 'folder_id' | 'uid' | 'changed'>;

/** What a list of a folder shows of a message. */
export type ItemHead = Pick<
  MailboxItem,
  'uid' | 'flags' | 'size' | 'received_at' | 'changed' | 'bytes_sha256'
>;

const HEAD = ['uid', 'flags', 'size', 'received_at', 'changed', 'bytes_sha256'] as const;

/** Flags as they are kept: each once, blanks between. */
export const flagText = (flags: Iterable<string>): string => [...new Set(flags)].join(' ');
export const flagList = (text: string): string[] => (text === '' ? [] : text.split(' '));

/** Counts up; returns the number of this change. */
async function nextChange(
  { db, tenant }: Scope,
  folder: Pick<FolderRow, 'id'>,
  more: { readonly uids?: number; readonly removal?: boolean } = {},
): Promise<{ change: number; uidNext: number }> {
  const row = await db
    .updateTable('folder')
    .set({
      change: sql`change + 1`,
      ...(more.uids ? { uid_next: sql`uid_next + ${more.uids}` } : {}),
      ...(more.removal ? { removed_at: sql`change + 1` } : {}),
    })
    .where('tenant', '=', tenant)
    .where('id', '=', folder.id)
    .returning(['change', 'uid_next'])
    .executeTakeFirstOrThrow();
  return { change: row.change, uidNext: row.uid_next };
}

/** Adds a message whose octets are kept already; returns its UID. Within a transaction. */
export async function addItem(inside: Scope, folder: FolderRow, item: NewItem): Promise<number> {
  const [uid] = await addItems(inside, folder, [item]);
  return uid!;
}

async function addItems(inside: Scope, folder: FolderRow, items: readonly NewItem[]): Promise<number[]> {
  const row = await firstOf(takeUids(inside, { id: folder.id, uids: items.length }));
  if (!row) throw new Error(`the folder ${folder.id} is gone`);
  const first = row.uid_next - items.length;
  for (const [index, item] of items.entries()) {
    await insertItem(inside, { ...item, folder_id: folder.id, uid: first + index, changed: row.change });
  }
  await addOctets(
    inside,
    folder.address,
    items.reduce((sum, { size }) => sum + size, 0),
  );
  inside.signal?.changed(folder.address);
  return items.map((_, index) => first + index);
}

const takeUids = prepared((db, p: { tenant: string; id: number; uids: number }) =>
  db
    .updateTable('folder')
    .set({ change: sql`change + 1`, uid_next: sql`uid_next + ${p.uids}` })
    .where('tenant', '=', p.tenant)
    .where('id', '=', p.id)
    .returning(['change', 'uid_next'])
    .compile(),
);

const insertItem = prepared((db, p: Omit<MailboxItem, 'id'> & { readonly tenant: string }) =>
  db
    .insertInto('mailbox_item')
    .values({
      tenant: p.tenant,
      address: p.address,
      kind: p.kind,
      message_id: p.message_id,
      internet_id: p.internet_id,
      sender: p.sender,
      subject: p.subject,
      received_at: p.received_at,
      size: p.size,
      bytes_sha256: p.bytes_sha256,
      flags: p.flags,
      folder_id: p.folder_id,
      uid: p.uid,
      changed: p.changed,
    })
    .compile(),
);

/** The messages of a folder by UID; with `since`, only those that are new or were flagged after that change. */
export async function itemsOf(
  { db, tenant }: Scope,
  folder: Pick<FolderRow, 'id'>,
  since?: number,
): Promise<ItemHead[]> {
  return db
    .selectFrom('mailbox_item')
    .select(HEAD)
    .where('tenant', '=', tenant)
    .where('folder_id', '=', folder.id)
    .$if(since !== undefined, (query) => query.where('changed', '>', since!))
    .orderBy('uid')
    .execute();
}

export async function uidsOf({ db, tenant }: Scope, folder: Pick<FolderRow, 'id'>): Promise<number[]> {
  const rows = await db
    .selectFrom('mailbox_item')
    .select('uid')
    .where('tenant', '=', tenant)
    .where('folder_id', '=', folder.id)
    .orderBy('uid')
    .execute();
  return rows.map(({ uid }) => uid);
}

/** Sets the flags that `change` makes of the ones that are there. UIDs that are gone are passed over. */
export function setFlags(
  scope: Scope,
  folder: FolderRow,
  uids: readonly number[],
  change: (flags: readonly string[]) => readonly string[],
): Promise<ItemHead[]> {
  return atomically(scope, async (inside) => {
    const items = await pick(inside, folder, uids);
    const different = items
      .map((item) => ({ item, flags: flagText(change(flagList(item.flags))) }))
      .filter(({ item, flags }) => flags !== item.flags);
    if (different.length === 0) return items.map(head);
    const { change: changed } = await nextChange(inside, folder);
    const fresh = new Map<number, ItemHead>();
    for (const { item, flags } of different) {
      await inside.db
        .updateTable('mailbox_item')
        .set({ flags, changed })
        .where('tenant', '=', inside.tenant)
        .where('id', '=', item.id)
        .execute();
      fresh.set(item.uid, { ...head(item), flags, changed });
    }
    inside.signal?.changed(folder.address);
    return items.map((item) => fresh.get(item.uid) ?? head(item));
  });
}

const head = ({ uid, flags, size, received_at, changed, bytes_sha256 }: MailboxItem): ItemHead => ({
  uid,
  flags,
  size,
  received_at,
  changed,
  bytes_sha256,
});

/** Rows in portions: a statement takes a bounded number of values. */
const PORTION = 500;

async function pick(
  { db, tenant }: Scope,
  folder: FolderRow,
  uids: readonly number[],
): Promise<MailboxItem[]> {
  const out: MailboxItem[] = [];
  for (let at = 0; at < uids.length; at += PORTION) {
    const rows = await db
      .selectFrom('mailbox_item')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('folder_id', '=', folder.id)
      .where('uid', 'in', uids.slice(at, at + PORTION))
      .orderBy('uid')
      .execute();
    out.push(...rows);
  }
  return out;
}

/** Copies messages with flags and dates, in the order of `uids`. */
export function copyItems(
  scope: Scope,
  from: FolderRow,
  uids: readonly number[],
  to: FolderRow,
): Promise<{ readonly from: number; readonly to: number }[]> {
  return atomically(scope, async (inside) => {
    const items = await pick(inside, from, uids);
    if (items.length === 0) return [];
    const made = await addItems(
      inside,
      to,
      items.map(({ id: _id, folder_id: _folder, uid: _uid, changed: _changed, ...rest }) => rest),
    );
    return items.map(({ uid }, index) => ({ from: uid, to: made[index]! }));
  });
}

/** Moves messages: they keep their ids and get new UIDs (RFC 6851). */
export function moveItems(
  scope: Scope,
  from: FolderRow,
  uids: readonly number[],
  to: FolderRow,
): Promise<{ readonly from: number; readonly to: number }[]> {
  return atomically(scope, async (inside) => {
    const items = await pick(inside, from, uids);
    if (items.length === 0) return [];
    if (from.id !== to.id) await nextChange(inside, from, { removal: true });
    const { change, uidNext } = await nextChange(inside, to, {
      uids: items.length,
      removal: from.id === to.id,
    });
    const first = uidNext - items.length;
    for (const [index, { id }] of items.entries()) {
      await inside.db
        .updateTable('mailbox_item')
        .set({ folder_id: to.id, uid: first + index, changed: change })
        .where('tenant', '=', inside.tenant)
        .where('id', '=', id)
        .execute();
    }
    inside.signal?.changed(from.address);
    return items.map(({ uid }, index) => ({ from: uid, to: first + index }));
  });
}

/** Removes those of `uids` for which `may` holds, and frees their octets; returns the UIDs that went. */
export function removeItems(
  scope: Scope,
  folder: FolderRow,
  uids: readonly number[],
  may: (flags: readonly string[]) => boolean,
): Promise<number[]> {
  return atomically(scope, async (inside) => {
    const items = (await pick(inside, folder, uids)).filter(({ flags }) => may(flagList(flags)));
    if (items.length === 0) return [];
    await nextChange(inside, folder, { removal: true });
    for (const { id } of items) {
      await inside.db
        .deleteFrom('mailbox_item')
        .where('tenant', '=', inside.tenant)
        .where('id', '=', id)
        .execute();
    }
    for (const sha256 of new Set(items.map((item) => item.bytes_sha256))) await freeBlob(inside, sha256);
    await addOctets(inside, folder.address, -items.reduce((sum, { size }) => sum + size, 0));
    inside.signal?.changed(folder.address);
    return items.map(({ uid }) => uid);
  });
}

/** Takes the messages that nobody was told of as recent: the first UID of them. */
export async function takeRecent({ db, tenant }: Scope, folder: Pick<FolderRow, 'id'>): Promise<number> {
  return atomically({ db, tenant }, async (inside) => {
    const row = await inside.db
      .selectFrom('folder')
      .select(['recent_from', 'uid_next'])
      .where('tenant', '=', tenant)
      .where('id', '=', folder.id)
      .executeTakeFirst();
    if (!row) return 1;
    if (row.recent_from !== row.uid_next) {
      await inside.db
        .updateTable('folder')
        .set({ recent_from: row.uid_next })
        .where('tenant', '=', tenant)
        .where('id', '=', folder.id)
        .execute();
    }
    return row.recent_from;
  });
}
