/**
 * Octets by their SHA-256, once each.
 *
 * @module
 */
import { hash } from 'node:crypto';
import { sql } from 'kysely';
import { roomFor } from '../mail/room.ts';
import { firstOf, prepared } from './prepared.ts';
import { atomically, type Scope } from './scope.ts';

export const sha256Hex = (bytes: Uint8Array | string): string => hash('sha256', bytes, 'hex');

/**
 * Octets of one row. SQLite holds what a statement writes or reads twice in memory, beside the octets themselves: so a
 * larger blob is cut, and of its parts one is in work at a time.
 */
export const PART_OCTETS = 1 << 20;

/** Keeps the octets, all or none; returns their SHA-256 in lower-case hexadecimal. */
export function putBlob(scope: Scope, bytes: Uint8Array): Promise<string> {
  return bytes.length > PART_OCTETS
    ? atomically(scope, (inside) => putLarge(inside, bytes))
    : putSmall(scope, bytes);
}

async function putSmall(scope: Scope, bytes: Uint8Array): Promise<string> {
  const sha256 = sha256Hex(bytes);
  await insertBlob(scope, { sha256, bytes });
  return sha256;
}

async function putLarge(inside: Scope, bytes: Uint8Array): Promise<string> {
  const sha256 = sha256Hex(bytes);
  const first = await insertBlob(inside, { sha256, bytes: bytes.subarray(0, PART_OCTETS) });
  // it is there already
  if (first.numAffectedRows === 0n) return sha256;
  for (let n = 1; n * PART_OCTETS < bytes.length; n++) {
    const part = bytes.subarray(n * PART_OCTETS, (n + 1) * PART_OCTETS);
    await insertPart(inside, { sha256, n, bytes: part });
  }
  return sha256;
}

const insertPart = prepared((db, p: { tenant: string; sha256: string; n: number; bytes: Uint8Array }) =>
  db.insertInto('blob_part').values({ tenant: p.tenant, sha256: p.sha256, n: p.n, bytes: p.bytes }).compile(),
);

const insertBlob = prepared((db, p: { tenant: string; sha256: string; bytes: Uint8Array }) =>
  db
    .insertInto('blob')
    .values({ tenant: p.tenant, sha256: p.sha256, bytes: p.bytes })
    .onConflict((conflict) => conflict.doNothing())
    .compile(),
);

/** @throws {Error} when the octets are not there, which only a damaged store can show */
export async function getBlob(scope: Scope, sha256: string): Promise<Uint8Array> {
  const bytes = await findBlob(scope, sha256);
  if (!bytes) throw new Error(`the store lacks the octets ${sha256}`);
  return bytes;
}

/** As `getBlob`; undefined when they are not there, or are taken away meanwhile. */
export async function findBlob(scope: Scope, sha256: string): Promise<Uint8Array | undefined> {
  const row = await firstOf(selectBlob(scope, { sha256 }));
  return row?.more ? withParts(scope, sha256, row.bytes, Number(row.more)) : row?.bytes;
}

async function withParts(
  scope: Scope,
  sha256: string,
  first: Uint8Array,
  more: number,
): Promise<Uint8Array | undefined> {
  // most of them are messages, which are about to be wrapped
  const bytes = roomFor(first.length + more);
  bytes.set(first);
  let at = first.length;
  for (let n = 1; at < bytes.length; n++) {
    const part = await firstOf(selectPart(scope, { sha256, n }));
    if (!part) return undefined;
    bytes.set(part.bytes, at);
    at += part.bytes.length;
  }
  return bytes;
}

const selectPart = prepared((db, p: { tenant: string; sha256: string; n: number }) =>
  db
    .selectFrom('blob_part')
    .select('bytes')
    .where('tenant', '=', p.tenant)
    .where('sha256', '=', p.sha256)
    .where('n', '=', p.n)
    .compile(),
);

const selectBlob = prepared((db, p: { tenant: string; sha256: string }) =>
  db
    .selectFrom('blob')
    .select((blob) => [
      'bytes',
      blob
        .selectFrom('blob_part')
        // SQLite knows it without reading them
        .select(sql<number | null>`sum(length(blob_part.bytes))`.as('octets'))
        .whereRef('blob_part.tenant', '=', 'blob.tenant')
        .whereRef('blob_part.sha256', '=', 'blob.sha256')
        .as('more'),
    ])
    .where('tenant', '=', p.tenant)
    .where('sha256', '=', p.sha256)
    .compile(),
);
