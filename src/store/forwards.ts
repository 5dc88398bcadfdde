/**
 * Mail that was accepted and waits for an edge system to take it.
 *
 * @module
 */
import { freeBlob } from './blob-use.ts';
import { putBlob } from './blobs.ts';
import type { ForwardTable } from './notification-schema.ts';
import type { Scope } from './scope.ts';

type Forward = Omit<ForwardTable, 'tenant'>;

/** Keeps the clear content until `endForward`. */
export async function putForward(
  scope: Scope,
  { bytes, ...row }: Omit<Forward, 'bytes_sha256'> & { readonly bytes: Uint8Array },
): Promise<void> {
  const bytes_sha256 = await putBlob(scope, bytes);
  await scope.db
    .insertInto('forward')
    .values({ ...row, tenant: scope.tenant, bytes_sha256 })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function forwardOf(
  { db, tenant }: Scope,
  messageId: string,
  address: string,
): Promise<Forward | undefined> {
  return db
    .selectFrom('forward')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('message_id', '=', messageId)
    .where('address', '=', address)
    .executeTakeFirst();
}

/** Forgets the clear content. */
export async function endForward(scope: Scope, messageId: string, address: string): Promise<void> {
  const gone = await scope.db
    .deleteFrom('forward')
    .where('tenant', '=', scope.tenant)
    .where('message_id', '=', messageId)
    .where('address', '=', address)
    .returning('bytes_sha256')
    .executeTakeFirst();
  if (gone) await freeBlob(scope, gone.bytes_sha256);
}
