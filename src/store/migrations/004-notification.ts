import type { Kysely } from 'kysely';
import { type ColumnKinds, columns, index, required } from './columns.ts';

/** Notices that came too early, mail on its way to edge systems, and what purging asks for. */
export async function notification(db: Kysely<unknown>, _kinds: ColumnKinds): Promise<void> {
  const table = (name: string) => db.schema.createTable(name).addColumn('tenant', 'text', required);
  await columns(table('unmatched'), {
    internet_id: 'text',
    message_id: 'text',
    address: 'text',
    at: 'bigint',
  })
    .addPrimaryKeyConstraint('unmatched_key', ['tenant', 'internet_id', 'message_id', 'address'])
    .execute();
  await columns(table('forward'), {
    message_id: 'text',
    address: 'text',
    sender: 'text',
    bytes_sha256: 'text',
    requested: 'integer',
  })
    .addPrimaryKeyConstraint('forward_key', ['tenant', 'message_id', 'address'])
    .execute();
  await index(db, 'unmatched', 'at');
  await index(db, 'message', 'received_at');
  await index(db, 'accepted', 'at');
  await index(db, 'envelope', 'message_id');
  await index(db, 'notice', 'message_id');
}
