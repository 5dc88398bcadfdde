/**
 * Notices that came before the message that they speak of was written down (hisp-behaviour §5).
 *
 * @module
 */
import type { UnmatchedTable } from './notification-schema.ts';
import { prepared, rowsOf } from './prepared.ts';
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
export async function recallUnmatched(scope: Scope, internetId: string, now: number): Promise<number> {
  const waiting = await rowsOf(takeUnmatched(scope, { internet_id: internetId }));
  if (waiting.length === 0) return 0;
  const { db, tenant } = scope;
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

const takeUnmatched = prepared((db, p: { tenant: string; internet_id: string }) =>
  db
    .deleteFrom('unmatched')
    .where('tenant', '=', p.tenant)
    .where('internet_id', '=', p.internet_id)
    .returning(['message_id', 'address'])
    .compile(),
);
