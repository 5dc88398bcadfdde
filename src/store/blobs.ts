/**
 * Octets by their SHA-256, once each.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import type { Scope } from './scope.ts';

export const sha256Hex = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/** Keeps the octets; returns their SHA-256 in lower-case hexadecimal. */
export async function putBlob({ db, tenant }: Scope, bytes: Uint8Array): Promise<string> {
  const sha256 = sha256Hex(bytes);
  await db
    .insertInto('blob')
    .values({ tenant, sha256, bytes })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return sha256;
}

/** @throws {Error} when the octets are not there, which only a damaged store can show */
export async function getBlob({ db, tenant }: Scope, sha256: string): Promise<Uint8Array> {
  const row = await db
    .selectFrom('blob')
    .select('bytes')
    .where('tenant', '=', tenant)
    .where('sha256', '=', sha256)
    .executeTakeFirst();
  if (!row) throw new Error(`the store lacks the octets ${sha256}`);
  return row.bytes;
}
