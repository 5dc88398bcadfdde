/**
 * The steps that make the tables, in order. A step that was released is never changed: a new one follows it.
 *
 * @module
 */
import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';

/** What a database calls the kinds of columns. */
export interface ColumnKinds {
  readonly bytes: 'blob' | 'bytea';
  /** A number that counts up by itself, unique in its table. */
  readonly counter: 'integer' | 'bigserial';
}

export const sqliteColumns: ColumnKinds = { bytes: 'blob', counter: 'integer' };

/** Brings the tables up to date. @throws {Error} what the database said */
export async function migrate<T>(db: Kysely<T>, kinds: ColumnKinds): Promise<void> {
  const migrations: Record<string, Migration> = { '001-first': { up: (on) => first(on, kinds) } };
  const provider = { getMigrations: async () => migrations };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error) throw error;
}

async function first(db: Kysely<unknown>, kinds: ColumnKinds): Promise<void> {
  const table = (name: string) => db.schema.createTable(name).addColumn('tenant', 'text', required);
  const bytes = sql.raw(kinds.bytes);

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
    table('mailbox_item').addColumn('id', sql.raw(kinds.counter), (column) => column.primaryKey()),
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
    table('journal').addColumn('n', sql.raw(kinds.counter), (column) => column.primaryKey()),
    {
      at: 'bigint',
      event: 'text',
      message_id: 'text?',
      address: 'text?',
      detail: 'text?',
    },
  ).execute();

  const index = async (on: string, ...by: string[]): Promise<void> =>
    db.schema
      .createIndex(`${on}_by_${by.join('_')}`)
      .on(on)
      .columns(['tenant', ...by])
      .execute();
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
  await index('message', 'internet_id');
  await index('mailbox_item', 'address');
  await index('journal', 'message_id');
  await index('certificate', 'owner');
}

type ColumnKind = 'text' | 'text?' | 'integer' | 'bigint' | 'bigint?';

const required = <B extends { notNull(): B }>(column: B): B => column.notNull();

/** Adds columns by name; a kind with `?` may be null. */
function columns<T extends string, C extends string>(
  table: CreateTableBuilder<T, C>,
  kinds: Readonly<Record<string, ColumnKind>>,
): CreateTableBuilder<T, string> {
  let built: CreateTableBuilder<T, string> = table;
  for (const [name, kind] of Object.entries(kinds)) {
    const type = kind.replace('?', '') as 'text' | 'integer' | 'bigint';
    built = built.addColumn(name, type, (column) => (kind.endsWith('?') ? column : column.notNull()));
  }
  return built;
}
