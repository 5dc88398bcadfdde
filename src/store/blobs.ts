/**
 * Octets by their SHA-256, once each.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { firstOf, prepared } from './prepared.ts';
import type { Scope } from './scope.ts';

export const sha256Hex = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/** Keeps the octets; returns their SHA-256 in lower-case hexadecimal. */
export async function putBlob(scope: Scope, bytes: Uint8Array): Promise<string> {
  const sha256 = sha256Hex(bytes);
  await insertBlob(scope, { sha256, bytes });
  return sha256;
}

const insertBlob = prepared((db, p: { tenant: string; sha256: string; bytes: Uint8Array }) =>
  db
    .insertInto('blob')
    .values({ tenant: p.tenant, sha256: p.sha256, bytes: p.bytes })
    .onConflict((conflict) => conflict.doNothing())
    .compile(),
);

/** @throws {Error} when the octets are not there, which only a damaged store can show */
export async function getBlob(scope: Scope, sha256: string): Promise<Uint8Array> {
  const row = await firstOf(selectBlob(scope, { sha256 }));
  if (!row) throw new Error(`the store lacks the octets ${sha256}`);
  return row.bytes;
}

const selectBlob = prepared((db, p: { tenant: string; sha256: string }) =>
  db
    .selectFrom('blob')
    .select('bytes')
    .where('tenant', '=', p.tenant)
    .where('sha256', '=', p.sha256)
    .compile(),
);
