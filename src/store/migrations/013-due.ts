import { type Kysely, sql } from 'kysely';

/**
 * What is due and nobody has in hand, apart: what is in hand, which may be much, costs a look nothing.
 *
 * The conditions are comparisons with a constant. SQLite prepares a statement anew for each of its values on a table
 * that has an index `where … is not null`: it wants to know whether the value is null.
 */
export async function due(db: Kysely<unknown>): Promise<void> {
  for (const column of ['next_at', 'lease_until', 'timer_at']) {
    await db.schema.dropIndex(`recipient_live_by_${column}`).execute();
  }
  const partial = (name: string, columns: readonly string[], compared: string) =>
    db.schema
      .createIndex(name)
      .on('recipient')
      .columns(['tenant', ...columns])
      .where(sql.ref(compared), '>', sql.lit(0));
  await partial('recipient_due', ['stage', 'next_at', 'domain'], 'next_at')
    .where(sql.ref('lease_until'), 'is', null)
    .execute();
  await partial('recipient_leased', ['lease_until'], 'lease_until').execute();
  await partial('recipient_timed', ['timer_at'], 'timer_at').execute();
}
