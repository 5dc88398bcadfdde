/**
 * Notices that came before the message that they speak of was written down (hisp-behaviour §5).
 *
 * @module
 */
import type { UnmatchedTable } from './notification-schema.ts';
import type { Scope } from './scope.ts';

/** Keeps a notice; once, however often it is looked at. */
export async function keepUnmatched(
  { db, tenant }: Scope,
  row: Omit<UnmatchedTable, 'tenant'>,
): Promise<void> {
  await db
    .insertInto('unmatched')
    .values({ ...row, tenant })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * Has the notices that name this message opened again, as if they came now; returns how many there are. With the
 * record of the message in one transaction.
 */
export async function recallUnmatched(
  { db, tenant }: Scope,
  internetId: string,
  now: number,
): Promise<number> {
  const waiting = await db
    .deleteFrom('unmatched')
    .where('tenant', '=', tenant)
    .where('internet_id', '=', internetId)
    .returning(['message_id', 'address'])
    .execute();
  for (const { message_id, address } of waiting) {
    await db
      .updateTable('recipient')
      .set((was) => ({
        stage: 'open' as const,
        state: 'received' as const,
        next_at: now,
        version: was('version', '+', 1),
      }))
      .where('tenant', '=', tenant)
      .where('message_id', '=', message_id)
      .where('address', '=', address)
      .where('stage', '=', 'ended')
      .execute();
  }
  return waiting.length;
}
