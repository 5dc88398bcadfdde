/**
 * Frees octets that no row names any more.
 *
 * @module
 */
import { sql } from 'kysely';
import type { Scope } from './scope.ts';

/** Every table with a column `bytes_sha256`; a table that is added with one is named here. */
export const BLOB_USERS = ['mailbox_item', 'message', 'envelope', 'quarantine', 'forward'] as const;

/** Removes the octets unless a row still names them. Within the transaction that removed the row. */
export async function freeBlob({ db, tenant }: Scope, sha256: string): Promise<void> {
  let query = db.deleteFrom('blob').where('tenant', '=', tenant).where('sha256', '=', sha256);
  for (const table of BLOB_USERS) {
    const uses = sql<boolean>`not exists (select 1 from ${sql.table(table)} as u where u.tenant = ${tenant} and u.bytes_sha256 = ${sha256})`;
    query = query.where(uses);
  }
  await query.execute();
}
