/**
 * Mailboxes, quarantine and journal.
 *
 * @module
 */
import type { Selectable } from 'kysely';
import { getBlob, putBlob } from './blobs.ts';
import { addItem } from './folder-items.ts';
import { inboxOf } from './folders.ts';
import type { MailboxItemTable } from './mailbox-schema.ts';
import { prepared } from './prepared.ts';
import type { JournalTable, QuarantineTable } from './schema.ts';
import { atomically, type Scope } from './scope.ts';

export type MailboxItem = Omit<Selectable<MailboxItemTable>, 'tenant'>;

export interface NewMailboxItem
  extends Pick<
    MailboxItem,
    'address' | 'kind' | 'message_id' | 'internet_id' | 'sender' | 'subject' | 'received_at'
  > {
  readonly bytes: Uint8Array;
}

/** Puts a message into the INBOX of an address. */
export function putMailboxItem(scope: Scope, { bytes, ...row }: NewMailboxItem): Promise<void> {
  return atomically(scope, async (inside) => {
    const inbox = await inboxOf(inside, row.address);
    const bytes_sha256 = await putBlob(inside, bytes);
    await addItem(inside, inbox, { ...row, size: bytes.length, bytes_sha256, flags: '' });
  });
}

/** What is in the INBOX of `address` (lower case), oldest first. */
export async function listMailbox({ db, tenant }: Scope, address: string): Promise<MailboxItem[]> {
  return db
    .selectFrom('mailbox_item')
    .innerJoin('folder', 'folder.id', 'mailbox_item.folder_id')
    .selectAll('mailbox_item')
    .where('mailbox_item.tenant', '=', tenant)
    .where('mailbox_item.address', '=', address)
    .where('folder.name', '=', 'INBOX')
    .orderBy('mailbox_item.uid')
    .execute();
}

/** One item with its bytes. */
export async function readMailboxItem(
  scope: Scope,
  id: number,
): Promise<{ readonly item: MailboxItem; readonly bytes: Uint8Array } | undefined> {
  const item = await scope.db
    .selectFrom('mailbox_item')
    .selectAll()
    .where('tenant', '=', scope.tenant)
    .where('id', '=', id)
    .executeTakeFirst();
  return item && { item, bytes: await getBlob(scope, item.bytes_sha256) };
}

/** Keeps what was refused. Once: a second refusal of the same recipient changes the reason. */
export async function putQuarantine(
  { db, tenant }: Scope,
  row: Omit<QuarantineTable, 'tenant'>,
): Promise<void> {
  await db
    .insertInto('quarantine')
    .values({ ...row, tenant })
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'message_id', 'address']).doUpdateSet({ causes: row.causes, at: row.at }),
    )
    .execute();
}

export async function listQuarantine({ db, tenant }: Scope): Promise<Omit<QuarantineTable, 'tenant'>[]> {
  return db.selectFrom('quarantine').selectAll().where('tenant', '=', tenant).orderBy('at').execute();
}

export type JournalEntry = Omit<Selectable<JournalTable>, 'tenant'>;

/** Writes an event down: ids and addresses, no content. */
export async function writeJournal(
  scope: Scope,
  entry: { at: number; event: string; messageId?: string; address?: string; detail?: unknown },
): Promise<void> {
  await insertEntry(scope, {
    at: entry.at,
    event: entry.event,
    message_id: entry.messageId ?? null,
    address: entry.address ?? null,
    detail: entry.detail === undefined ? null : JSON.stringify(entry.detail),
  });
}

const insertEntry = prepared((db, p: Omit<JournalTable, 'n'>) =>
  db
    .insertInto('journal')
    .values({
      tenant: p.tenant,
      at: p.at,
      event: p.event,
      message_id: p.message_id,
      address: p.address,
      detail: p.detail,
    })
    .compile(),
);

export async function readJournal({ db, tenant }: Scope, messageId?: string): Promise<JournalEntry[]> {
  let query = db.selectFrom('journal').selectAll().where('tenant', '=', tenant);
  if (messageId !== undefined) query = query.where('message_id', '=', messageId);
  return query.orderBy('n').execute();
}
