/**
 * What is no longer needed goes: ended messages with their outcomes, what was refused, notices that nobody claimed, and
 * the octets that no row names any more (hisp-behaviour §5).
 *
 * @module
 */
import { sql } from 'kysely';
import { freeBlob } from './blob-use.ts';
import { atomically, type Scope } from './scope.ts';

/** Times, in milliseconds since 1970: what is from then or older goes. */
export interface Horizons {
  readonly messages: number;
  readonly unmatched: number;
  readonly quarantine: number;
}

/** Messages in one transaction: others want to write in between. */
const AT_ONCE = 100;

/** Removes what is over, a part of it in one go. True: there is more. */
export function purge(scope: Scope, older: Horizons): Promise<boolean> {
  return atomically(scope, async (inside) => {
    const { db, tenant } = inside;
    await db
      .deleteFrom('unmatched')
      .where('tenant', '=', tenant)
      .where('at', '<=', older.unmatched)
      .execute();
    await db.deleteFrom('accepted').where('tenant', '=', tenant).where('at', '<=', older.messages).execute();
    const refused = await db
      .deleteFrom('quarantine')
      .where('tenant', '=', tenant)
      .where('at', '<=', older.quarantine)
      .returning('bytes_sha256')
      .execute();
    const over = await endedBefore(inside, older.messages);
    const octets = new Set(refused.map((row) => row.bytes_sha256));
    for (const message of over) for (const sha256 of await removeMessage(inside, message)) octets.add(sha256);
    for (const sha256 of octets) await freeBlob(inside, sha256);
    return over.length === AT_ONCE;
  });
}

const endedBefore = ({ db, tenant }: Scope, before: number) =>
  db
    .selectFrom('message')
    .select(['id', 'bytes_sha256'])
    .where('tenant', '=', tenant)
    .where('received_at', '<=', before)
    .where(
      sql<boolean>`not exists (select 1 from recipient r where r.tenant = message.tenant and r.message_id = message.id
        and r.stage <> 'ended')`,
    )
    .where(
      sql<boolean>`not exists (select 1 from quarantine q where q.tenant = message.tenant and q.message_id = message.id)`,
    )
    .orderBy('received_at')
    .limit(AT_ONCE)
    .execute();

/** Returns the octets that it named. */
async function removeMessage(
  { db, tenant }: Scope,
  { id, bytes_sha256 }: { readonly id: string; readonly bytes_sha256: string },
): Promise<string[]> {
  const envelopes = await db
    .deleteFrom('envelope')
    .where('tenant', '=', tenant)
    .where('message_id', '=', id)
    .returning('bytes_sha256')
    .execute();
  for (const table of ['notice', 'recipient'] as const) {
    await db.deleteFrom(table).where('tenant', '=', tenant).where('message_id', '=', id).execute();
  }
  await db.deleteFrom('message').where('tenant', '=', tenant).where('id', '=', id).execute();
  return [bytes_sha256, ...envelopes.map((row) => row.bytes_sha256)];
}

/** When the oldest of each kind is from; null where there is none. */
export async function oldest({
  db,
  tenant,
}: Scope): Promise<{ readonly [K in keyof Horizons]: number | null }> {
  const first = (table: string, column: string) =>
    sql<number | null>`(select min(${sql.ref(column)}) from ${sql.table(table)} where tenant = ${tenant})`;
  const { rows } = await sql<{
    messages: number | null;
    unmatched: number | null;
    quarantine: number | null;
  }>`
    select ${first('message', 'received_at')} as messages, ${first('unmatched', 'at')} as unmatched,
      ${first('quarantine', 'at')} as quarantine`.execute(db);
  return rows[0]!;
}
