/**
 * Mailboxes of the store, as the servers of the edge want them.
 *
 * @module
 */
import type { Folder, Mailbox, Mailboxes, MessageHead } from '../edge/mailboxes.ts';
import { parseAddressList } from '../mail/address.ts';
import { decodeWords } from '../mail/encoded-words.ts';
import { type Entity, readEntity } from '../mail/entity.ts';
import { MailError } from '../mail/error.ts';
import { messageIdKey } from '../mail/message-id.ts';
import { findBlob, putBlob } from '../store/blobs.ts';
import {
  addItem,
  copyItems,
  flagList,
  flagText,
  type ItemHead,
  itemsOf,
  moveItems,
  removeItems,
  setFlags,
  takeRecent,
  uidsOf,
} from '../store/folder-items.ts';
import {
  createFolder,
  deleteFolder,
  type FolderRow,
  folderById,
  folderOf,
  foldersOf,
  INBOX,
  inboxOf,
  octetsOf,
  renameFolder,
  setFolder,
} from '../store/folders.ts';
import { atomically, type Scope } from '../store/scope.ts';

/** Octets of all messages of one address, when nothing else is configured. */
export const DEFAULT_QUOTA = 2 * 1024 ** 3;

/** Whether `octets` more would be too much for the mailbox. */
export const overQuota = async (
  scope: Scope,
  address: string,
  octets: number,
  quota: number = DEFAULT_QUOTA,
): Promise<boolean> => (await octetsOf(scope, address)) + octets > quota;

/** @param quota octets of all messages of one address */
export const storeMailboxes = (scope: Scope, quota: number = DEFAULT_QUOTA): Mailboxes => ({
  of: (address) => mailboxOf(scope, address, quota),
});

function mailboxOf(scope: Scope, address: string, quota: number): Mailbox {
  const find = (name: string) => {
    const canonical = canonicalName(name);
    return atomically(scope, async (inside) =>
      canonical === INBOX ? inboxOf(inside, address) : folderOf(inside, address, canonical),
    );
  };
  /** The row of a folder, which must be of this mailbox. */
  const row = async (inside: Scope, folder: Folder): Promise<FolderRow | undefined> => {
    const found = await folderById(inside, folder.id);
    return found?.address === address && found.uid_validity === folder.uidValidity ? found : undefined;
  };
  const within = <T>(folders: readonly Folder[], work: (inside: Scope, ...rows: FolderRow[]) => Promise<T>) =>
    atomically(scope, async (inside): Promise<T> => {
      const rows: FolderRow[] = [];
      for (const folder of folders) {
        const found = await row(inside, folder);
        if (!found) throw new FolderGone();
        rows.push(found);
      }
      return work(inside, ...rows);
    });
  return {
    async folders() {
      return (await foldersOf(scope, address)).map(({ name, selectable, subscribed }) => ({
        name,
        selectable: selectable === 1,
        subscribed: subscribed === 1,
      }));
    },
    async folder(name) {
      const found = await find(name);
      return found?.selectable ? folderFrom(found) : undefined;
    },
    async again(folder) {
      const found = await row(scope, folder);
      return found && folderFrom(found);
    },
    create: (name) => createFolder(scope, address, canonicalName(name)),
    remove: (name) => deleteFolder(scope, address, canonicalName(name)),
    rename: (from, to) => renameFolder(scope, address, canonicalName(from), canonicalName(to)),
    async subscribe(name, on) {
      const found = await find(name);
      if (!found) return 'none';
      await setFolder(scope, found.id, { subscribed: on ? 1 : 0 });
      return 'done';
    },
    list: async (folder, since) => (await itemsOf(scope, folder, since)).map(headFrom),
    uids: (folder) => uidsOf(scope, folder),
    read: (folder, uid) => bytesOf(scope, folder, uid),
    takeRecent: (folder) => takeRecent(scope, folder),
    flag: async (folder, uids, change) =>
      (await within([folder], (inside, found) => setFlags(inside, found!, uids, change))).map(headFrom),
    append: (folder, { bytes, flags, internalDate }) =>
      within([folder], async (inside, found) => {
        if (await overQuota(inside, address, bytes.length, quota)) return 'quota';
        const bytes_sha256 = await putBlob(inside, bytes);
        const uid = await addItem(inside, found!, {
          ...described(bytes),
          address,
          kind: 'message',
          message_id: '',
          received_at: internalDate,
          size: bytes.length,
          bytes_sha256,
          flags: flagText(flags),
        });
        return { uid };
      }),
    copy: (from, uids, to) =>
      within([from, to], async (inside, source, target) => {
        const wanted = new Set(uids);
        const octets = (await itemsOf(inside, source!))
          .filter(({ uid }) => wanted.has(uid))
          .reduce((sum, { size }) => sum + size, 0);
        if (await overQuota(inside, address, octets, quota)) return 'quota';
        return {
          uidValidity: target!.uid_validity,
          pairs: await copyItems(inside, source!, uids, target!),
        };
      }),
    move: (from, uids, to) =>
      within([from, to], async (inside, source, target) => ({
        uidValidity: target!.uid_validity,
        pairs: await moveItems(inside, source!, uids, target!),
      })),
    expunge: (folder, uids, may) =>
      within([folder], (inside, found) => removeItems(inside, found!, uids, may)),
    watch: (hear) => scope.signal?.watch(address, hear) ?? (() => undefined),
  };
}

/** The folder was removed by another session. */
export class FolderGone extends Error {
  override readonly name = 'FolderGone';
  constructor() {
    super('the folder is gone');
  }
}

/** INBOX means INBOX in any case, also as the first level (RFC 3501 §5.1). */
const canonicalName = (name: string): string => name.replace(/^inbox(?=$|\/)/i, INBOX);

const folderFrom = (row: FolderRow): Folder => ({
  id: row.id,
  name: row.name,
  uidValidity: row.uid_validity,
  uidNext: row.uid_next,
  change: row.change,
  removedAt: row.removed_at,
  recentFrom: row.recent_from,
});

const headFrom = (row: ItemHead): MessageHead => ({
  uid: row.uid,
  flags: flagList(row.flags),
  size: row.size,
  internalDate: row.received_at,
  changed: row.changed,
});

async function bytesOf(scope: Scope, folder: Folder, uid: number): Promise<Uint8Array | undefined> {
  const row = await scope.db
    .selectFrom('mailbox_item')
    .select('bytes_sha256')
    .where('tenant', '=', scope.tenant)
    .where('folder_id', '=', folder.id)
    .where('uid', '=', uid)
    .executeTakeFirst();
  return row && findBlob(scope, row.bytes_sha256);
}

/** What lists of mail show of a message that a client put there. */
function described(bytes: Uint8Array): { sender: string; subject: string; internet_id: string | null } {
  try {
    const entity: Entity = readEntity(bytes);
    return {
      sender: parseAddressList(entity.header('from') ?? '')[0]?.address ?? '',
      subject: decodeWords(entity.header('subject') ?? ''),
      internet_id: messageIdKey(entity.header('message-id')) ?? null,
    };
  } catch (error) {
    if (error instanceof MailError) return { sender: '', subject: '', internet_id: null };
    throw error;
  }
}
