/**
 * Certificates with their sealed private keys, and the anchors of each domain.
 *
 * @module
 */
import type { KeyObject } from 'node:crypto';
import type { Selectable } from 'kysely';
import { sha256Hex } from './blobs.ts';
import type { AnchorTable, CertificateTable } from './schema.ts';
import { atomically, type Scope } from './scope.ts';
import { openPrivateKey, type SealKey, sealPrivateKey } from './seal.ts';

export interface Identity extends Omit<Selectable<CertificateTable>, 'tenant' | 'sha256'> {
  /** Missing for a certificate whose key lies elsewhere. */
  readonly privateKey?: KeyObject;
}

/** Keeps a certificate of an owner, with its key sealed. Coming again changes purpose and state. */
export function putIdentity(scope: Scope, seal: SealKey, identity: Identity): Promise<void> {
  return atomically(scope, async ({ db, tenant }) => {
    const { privateKey, ...row } = identity;
    const sha256 = sha256Hex(row.der);
    await db
      .insertInto('certificate')
      .values({ ...row, owner: row.owner.toLowerCase(), tenant, sha256 })
      .onConflict((conflict) =>
        conflict
          .columns(['tenant', 'sha256', 'owner'])
          .doUpdateSet({ purpose: row.purpose, state: row.state }),
      )
      .execute();
    if (!privateKey) return;
    const sealed = sealPrivateKey(seal, `${tenant}/${sha256}`, privateKey);
    await db
      .insertInto('key')
      .values({ tenant, certificate_sha256: sha256, sealed })
      .onConflict((conflict) => conflict.columns(['tenant', 'certificate_sha256']).doUpdateSet({ sealed }))
      .execute();
  });
}

/** Every certificate of the tenant, with the keys opened. @throws {Error} a key that does not open */
export async function readIdentities({ db, tenant }: Scope, seal: SealKey): Promise<Identity[]> {
  const rows = await db
    .selectFrom('certificate')
    .leftJoin('key', (join) =>
      join
        .onRef('key.tenant', '=', 'certificate.tenant')
        .onRef('key.certificate_sha256', '=', 'certificate.sha256'),
    )
    .select(['sha256', 'owner', 'purpose', 'state', 'der', 'sealed'])
    .where('certificate.tenant', '=', tenant)
    .orderBy('owner')
    .orderBy('sha256')
    .execute();
  return rows.map(({ sha256, sealed, ...row }) => ({
    ...row,
    ...(sealed ? { privateKey: openPrivateKey(seal, `${tenant}/${sha256}`, sealed) } : {}),
  }));
}

export interface StoredCertificate extends Omit<Selectable<CertificateTable>, 'tenant'> {
  /** Whether its private key is here. */
  readonly hasKey: boolean;
}

/** Every certificate of the tenant, without opening a key. */
export async function readCertificates({ db, tenant }: Scope): Promise<StoredCertificate[]> {
  const rows = await db
    .selectFrom('certificate')
    .leftJoin('key', (join) =>
      join
        .onRef('key.tenant', '=', 'certificate.tenant')
        .onRef('key.certificate_sha256', '=', 'certificate.sha256'),
    )
    .select(['sha256', 'owner', 'purpose', 'state', 'der', 'key.certificate_sha256'])
    .where('certificate.tenant', '=', tenant)
    .orderBy('owner')
    .orderBy('sha256')
    .execute();
  return rows.map(({ certificate_sha256, ...row }) => ({ ...row, hasKey: certificate_sha256 !== null }));
}

/** Seals every key of every tenant anew, all or none. @returns how many @throws {Error} a key that does not open */
export function resealIdentities(db: Scope['db'], seal: SealKey): Promise<number> {
  return atomically({ db, tenant: '' }, async (inside) => {
    const rows = await inside.db
      .selectFrom('key')
      .select(['tenant', 'certificate_sha256', 'sealed'])
      .execute();
    for (const { tenant, certificate_sha256, sealed } of rows) {
      const name = `${tenant}/${certificate_sha256}`;
      await inside.db
        .updateTable('key')
        .set({ sealed: sealPrivateKey(seal, name, openPrivateKey(seal, name, sealed)) })
        .where('tenant', '=', tenant)
        .where('certificate_sha256', '=', certificate_sha256)
        .execute();
    }
    return rows.length;
  });
}

export type StoredAnchor = Omit<Selectable<AnchorTable>, 'tenant' | 'sha256'>;

/** Keeps an anchor of a domain from one source; coming again changes its directions. */
export async function putAnchor({ db, tenant }: Scope, anchor: StoredAnchor): Promise<void> {
  await db
    .insertInto('anchor')
    .values({ ...anchor, domain: anchor.domain.toLowerCase(), tenant, sha256: sha256Hex(anchor.der) })
    .onConflict((conflict) =>
      conflict
        .columns(['tenant', 'domain', 'sha256', 'source'])
        .doUpdateSet({ incoming: anchor.incoming, outgoing: anchor.outgoing }),
    )
    .execute();
}

export async function readAnchors({ db, tenant }: Scope): Promise<StoredAnchor[]> {
  return db
    .selectFrom('anchor')
    .select(['domain', 'der', 'incoming', 'outgoing', 'source'])
    .where('tenant', '=', tenant)
    .orderBy('domain')
    .orderBy('sha256')
    .execute();
}

/** Takes an anchor of one source from a domain. */
export async function dropAnchor(
  { db, tenant }: Scope,
  which: { readonly domain: string; readonly sha256: string; readonly source: string },
): Promise<void> {
  await db
    .deleteFrom('anchor')
    .where('tenant', '=', tenant)
    .where('domain', '=', which.domain)
    .where('sha256', '=', which.sha256)
    .where('source', '=', which.source)
    .execute();
}
