import { type Kysely, sql } from 'kysely';
import { bytesType, type ColumnKinds, columns, counterType, index, required } from './columns.ts';

/** The queue, mailboxes, identities and the journal. */
export async function first(db: Kysely<unknown>, kinds: ColumnKinds): Promise<void> {
  const table = (name: string) => db.schema.createTable(name).addColumn('tenant', 'text', required);
  const bytes = bytesType(kinds);

  await columns(table('blob'), { sha256: 'text' })
    .addColumn('bytes', bytes, required)
    .addPrimaryKeyConstraint('blob_key', ['tenant', 'sha256'])
    .execute();
  await columns(table('message'), {
    id: 'text',
    direction: 'text',
    kind: 'text',
    bytes_sha256: 'text',
    envelope_from: 'text',
    received_at: 'bigint',
    internet_id: 'text?',
    delivery_requested: 'integer',
    follows: 'text?',
  })
    .addPrimaryKeyConstraint('message_key', ['tenant', 'id'])
    .execute();
  await columns(table('recipient'), {
    message_id: 'text',
    address: 'text',
    written: 'text',
    domain: 'text',
    stage: 'text',
    state: 'text',
    version: 'integer',
    attempts: 'integer',
    next_at: 'bigint?',
    deadline: 'bigint',
    timer_at: 'bigint?',
    lease_owner: 'text?',
    lease_until: 'bigint?',
    envelope_id: 'text?',
    causes: 'text?',
  })
    .addPrimaryKeyConstraint('recipient_key', ['tenant', 'message_id', 'address'])
    .execute();
  await columns(table('envelope'), {
    id: 'text',
    message_id: 'text',
    mail_from: 'text',
    bytes_sha256: 'text',
    internet_id: 'text',
  })
    .addPrimaryKeyConstraint('envelope_key', ['tenant', 'id'])
    .execute();
  await columns(table('notice'), {
    id: 'text',
    message_id: 'text',
    recipient: 'text',
    kind: 'text',
    sent_at: 'bigint',
  })
    .addPrimaryKeyConstraint('notice_key', ['tenant', 'id'])
    .execute();
  await columns(table('accepted'), { digest: 'text', message_id: 'text', address: 'text', at: 'bigint' })
    .addPrimaryKeyConstraint('accepted_key', ['tenant', 'digest'])
    .execute();
  await columns(
    table('mailbox_item').addColumn('id', counterType(kinds), (column) => column.primaryKey()),
    {
      address: 'text',
      kind: 'text',
      message_id: 'text',
      internet_id: 'text?',
      sender: 'text',
      subject: 'text',
      received_at: 'bigint',
      size: 'integer',
      bytes_sha256: 'text',
      seen: 'integer',
    },
  ).execute();
  await columns(table('quarantine'), {
    message_id: 'text',
    address: 'text',
    bytes_sha256: 'text',
    causes: 'text',
    at: 'bigint',
  })
    .addPrimaryKeyConstraint('quarantine_key', ['tenant', 'message_id', 'address'])
    .execute();
  await columns(table('certificate'), { sha256: 'text', owner: 'text', purpose: 'text', state: 'text' })
    .addColumn('der', bytes, required)
    .addPrimaryKeyConstraint('certificate_key', ['tenant', 'sha256', 'owner'])
    .execute();
  await columns(table('key'), { certificate_sha256: 'text' })
    .addColumn('sealed', bytes, required)
    .addPrimaryKeyConstraint('key_key', ['tenant', 'certificate_sha256'])
    .execute();
  await columns(table('anchor'), {
    domain: 'text',
    sha256: 'text',
    incoming: 'integer',
    outgoing: 'integer',
    source: 'text',
  })
    .addColumn('der', bytes, required)
    .addPrimaryKeyConstraint('anchor_key', ['tenant', 'domain', 'sha256', 'source'])
    .execute();
  await columns(
    table('journal').addColumn('n', counterType(kinds), (column) => column.primaryKey()),
    {
      at: 'bigint',
      event: 'text',
      message_id: 'text?',
      address: 'text?',
      detail: 'text?',
    },
  ).execute();

  /** Of the rows that are still alive in the queue: the ended ones, by far the most, cost it nothing. */
  const live = async (column: string, columns: readonly string[]): Promise<void> =>
    db.schema
      .createIndex(`recipient_live_by_${column}`)
      .on('recipient')
      .columns(['tenant', ...columns])
      .where(sql.ref(column), 'is not', null)
      .execute();
  await live('next_at', ['stage', 'next_at', 'domain', 'lease_until']);
  await live('lease_until', ['lease_until']);
  await live('timer_at', ['timer_at']);
  await index(db, 'message', 'internet_id');
  await index(db, 'mailbox_item', 'address');
  await index(db, 'journal', 'message_id');
  await index(db, 'certificate', 'owner');
}
