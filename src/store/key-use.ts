/**
 * How often the private keys of a tenant were used: counted by key, use and day, in the transaction that commits what was
 * done with the key.
 *
 * @module
 */
import { sql } from 'kysely';
import { prepared } from './prepared.ts';
import type { Scope } from './scope.ts';

export interface KeyUseTable {
  tenant: string;
  certificate_sha256: string;
  operation: 'sign' | 'decrypt';
  /** `2026-03-01`, UTC. */
  day: string;
  count: number;
  /** ms since 1970 UTC. */
  last_at: number;
}

export interface CustodySchema {
  key_use: KeyUseTable;
}

export type KeyUse = Pick<KeyUseTable, 'certificate_sha256' | 'operation'>;

/** Adds the uses to the counts of the day. @param at ms since 1970 UTC */
export async function addKeyUses(scope: Scope, uses: readonly KeyUse[], at: number): Promise<void> {
  const counts = new Map<string, KeyUse & { count: number }>();
  for (const use of uses) {
    const id = `${use.operation} ${use.certificate_sha256}`;
    const known = counts.get(id);
    if (known) known.count += 1;
    else counts.set(id, { ...use, count: 1 });
  }
  const day = new Date(at).toISOString().slice(0, 10);
  for (const one of counts.values()) await countUses(scope, { ...one, day, last_at: at });
}

const countUses = prepared((db, p: KeyUseTable) =>
  db
    .insertInto('key_use')
    .values({
      tenant: p.tenant,
      certificate_sha256: p.certificate_sha256,
      operation: p.operation,
      day: p.day,
      count: p.count,
      last_at: p.last_at,
    })
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'certificate_sha256', 'operation', 'day']).doUpdateSet({
        count: sql`key_use.count + excluded.count`,
        last_at: sql`excluded.last_at`,
      }),
    )
    .compile(),
);

/** Every count of the tenant, by day and key. */
export const readKeyUses = ({ db, tenant }: Scope): Promise<Omit<KeyUseTable, 'tenant'>[]> =>
  db
    .selectFrom('key_use')
    .select(['certificate_sha256', 'operation', 'day', 'count', 'last_at'])
    .where('tenant', '=', tenant)
    .orderBy('day')
    .orderBy('certificate_sha256')
    .orderBy('operation')
    .execute();
