import { type Kysely, sql } from 'kysely';
import { type ColumnKinds, columns, counterType, index, required } from './columns.ts';

/** Folders, unique identifiers and flags. What was in mailboxes is in their INBOX then, in the order it came. */
export async function mailboxes(db: Kysely<unknown>, kinds: ColumnKinds): Promise<void> {
  const table = (name: string) => db.schema.createTable(name).addColumn('tenant', 'text', required);
  await columns(table('mailbox'), { address: 'text', next_validity: 'bigint', octets: 'bigint' })
    .addPrimaryKeyConstraint('mailbox_key', ['tenant', 'address'])
    .execute();
  await columns(
    table('folder').addColumn('id', counterType(kinds), (column) => column.primaryKey()),
    {
      address: 'text',
      name: 'text',
      selectable: 'integer',
      subscribed: 'integer',
      uid_validity: 'bigint',
      uid_next: 'bigint',
      recent_from: 'bigint',
      change: 'bigint',
      removed_at: 'bigint',
    },
  )
    .addUniqueConstraint('folder_name', ['tenant', 'address', 'name'])
    .execute();
  for (const name of ['folder_id', 'uid', 'changed']) {
    await db.schema
      .alterTable('mailbox_item')
      .addColumn(name, 'bigint', (column) => column.notNull().defaultTo(0))
      .execute();
  }
  await db.schema
    .alterTable('mailbox_item')
    .addColumn('flags', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  await intoInbox(db);
  await db.schema.alterTable('mailbox_item').dropColumn('seen').execute();
  await db.schema
    .createIndex('mailbox_item_by_folder')
    .unique()
    .on('mailbox_item')
    .columns(['tenant', 'folder_id', 'uid'])
    .execute();
  // octets are freed when no row names them any more
  for (const name of ['mailbox_item', 'message', 'envelope', 'quarantine']) {
    await index(db, name, 'bytes_sha256');
  }
}

const FIRST_VALIDITY = 1;

async function intoInbox(db: Kysely<unknown>): Promise<void> {
  await sql`
    insert into mailbox (tenant, address, next_validity, octets)
    select tenant, address, ${FIRST_VALIDITY + 1}, sum(size) from mailbox_item group by tenant, address`.execute(
    db,
  );
  await sql`
    insert into folder (tenant, address, name, selectable, subscribed, uid_validity, uid_next, recent_from, change,
      removed_at)
    select tenant, address, 'INBOX', 1, 1, ${FIRST_VALIDITY}, count(*) + 1, 1, 1, 0
    from mailbox_item group by tenant, address`.execute(db);
  await sql`
    update mailbox_item set
      folder_id = (select id from folder
        where folder.tenant = mailbox_item.tenant and folder.address = mailbox_item.address),
      uid = (select count(*) from mailbox_item as earlier
        where earlier.tenant = mailbox_item.tenant and earlier.address = mailbox_item.address
          and earlier.id <= mailbox_item.id),
      flags = case when seen = 1 then '\\Seen' else '' end,
      changed = 1`.execute(db);
}
