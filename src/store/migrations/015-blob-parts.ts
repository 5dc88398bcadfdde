import type { Kysely } from 'kysely';
import { type ColumnKinds, required } from './columns.ts';

/** What follows the first octets of a large blob, in parts: no statement has to hold all of them in memory at once. */
export async function blobParts(db: Kysely<unknown>, kinds: ColumnKinds): Promise<void> {
  await db.schema
    .createTable('blob_part')
    .addColumn('tenant', 'text', required)
    .addColumn('sha256', 'text', required)
    .addColumn('n', 'integer', required)
    .addColumn('bytes', kinds.bytes, required)
    .addPrimaryKeyConstraint('blob_part_key', ['tenant', 'sha256', 'n'])
    .addForeignKeyConstraint(
      'blob_part_of',
      ['tenant', 'sha256'],
      'blob',
      ['tenant', 'sha256'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .execute();
}
