/**
 * Trust bundles that a HISP fetches, and which domains take anchors from them.
 *
 * @module
 */
import { atomically, type Scope } from './scope.ts';
import type { BundleDomainTable, BundleSubscriptionTable } from './tenancy-schema.ts';

export interface StoredSubscription extends Omit<BundleSubscriptionTable, 'tenant'> {
  readonly domains: readonly Omit<BundleDomainTable, 'tenant' | 'bundle'>[];
}

export async function listSubscriptions({ db, tenant }: Scope): Promise<StoredSubscription[]> {
  const rows = await db
    .selectFrom('bundle_subscription')
    .selectAll()
    .where('tenant', '=', tenant)
    .orderBy('id')
    .execute();
  const relations = await db
    .selectFrom('bundle_domain')
    .selectAll()
    .where('tenant', '=', tenant)
    .orderBy('domain')
    .execute();
  return rows.map(({ tenant: _, ...row }) => ({
    ...row,
    domains: relations
      .filter(({ bundle }) => bundle === row.id)
      .map(({ domain, incoming, outgoing }) => ({ domain, incoming, outgoing })),
  }));
}

/** Keeps a subscription with its domains; coming again changes all of it. */
export function putSubscription(scope: Scope, subscription: StoredSubscription): Promise<void> {
  return atomically(scope, async (inside) => {
    const { domains, ...row } = subscription;
    await dropSubscription(inside, row.id);
    const { db, tenant } = inside;
    await db
      .insertInto('bundle_subscription')
      .values({ ...row, tenant })
      .execute();
    if (domains.length === 0) return;
    await db
      .insertInto('bundle_domain')
      .values(domains.map((one) => ({ ...one, tenant, bundle: row.id })))
      .execute();
  });
}

export function dropSubscription(scope: Scope, id: string): Promise<void> {
  return atomically(scope, async ({ db, tenant }) => {
    await db.deleteFrom('bundle_domain').where('tenant', '=', tenant).where('bundle', '=', id).execute();
    await db.deleteFrom('bundle_subscription').where('tenant', '=', tenant).where('id', '=', id).execute();
  });
}
