import { type Kysely, sql } from 'kysely';

/** What is due and nobody has in hand, apart: what is in hand, which may be much, costs a look nothing. */
export async function due(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('recipient_live_by_next_at').execute();
  await db.schema
    .createIndex('recipient_due')
    .on('recipient')
    .columns(['tenant', 'stage', 'next_at', 'domain'])
    .where(sql.ref('next_at'), 'is not', null)
    .where(sql.ref('lease_until'), 'is', null)
    .execute();
}
