/**
 * Organizations, Health Domain Names and addresses.
 *
 * @module
 */
import type { Scope } from './scope.ts';
import type { DirectAddress, HealthDomain, Organization } from './tenancy-schema.ts';

export async function listOrganizations({ db, tenant }: Scope): Promise<Organization[]> {
  const rows = await db
    .selectFrom('organization')
    .selectAll()
    .where('tenant', '=', tenant)
    .orderBy('id')
    .execute();
  return rows.map(bare);
}

export async function putOrganization({ db, tenant }: Scope, row: Organization): Promise<void> {
  await db
    .insertInto('organization')
    .values({ ...row, tenant })
    .onConflict((conflict) => conflict.columns(['tenant', 'id']).doUpdateSet(row))
    .execute();
}

export async function listDomains({ db, tenant }: Scope): Promise<HealthDomain[]> {
  const rows = await db
    .selectFrom('health_domain')
    .selectAll()
    .where('tenant', '=', tenant)
    .orderBy('name')
    .execute();
  return rows.map(bare);
}

export async function putDomain({ db, tenant }: Scope, row: HealthDomain): Promise<void> {
  const values = { ...row, name: row.name.toLowerCase() };
  await db
    .insertInto('health_domain')
    .values({ ...values, tenant })
    .onConflict((conflict) => conflict.columns(['tenant', 'name']).doUpdateSet(values))
    .execute();
}

export async function listAddresses({ db, tenant }: Scope, domain?: string): Promise<DirectAddress[]> {
  let query = db.selectFrom('direct_address').selectAll().where('tenant', '=', tenant);
  if (domain !== undefined) query = query.where('domain', '=', domain.toLowerCase());
  return (await query.orderBy('address').execute()).map(bare);
}

export async function putAddress({ db, tenant }: Scope, row: DirectAddress): Promise<void> {
  const values = { ...row, address: row.address.toLowerCase(), domain: row.domain.toLowerCase() };
  await db
    .insertInto('direct_address')
    .values({ ...values, tenant })
    .onConflict((conflict) => conflict.columns(['tenant', 'address']).doUpdateSet(values))
    .execute();
}

/** Which of the addresses are enabled, in an enabled domain of an enabled organization. */
export async function enabledAddresses(
  { db, tenant }: Scope,
  addresses: readonly string[],
): Promise<string[]> {
  if (addresses.length === 0) return [];
  const rows = await db
    .selectFrom('direct_address')
    .innerJoin('health_domain', (join) =>
      join
        .onRef('health_domain.tenant', '=', 'direct_address.tenant')
        .onRef('health_domain.name', '=', 'direct_address.domain'),
    )
    .innerJoin('organization', (join) =>
      join
        .onRef('organization.tenant', '=', 'health_domain.tenant')
        .onRef('organization.id', '=', 'health_domain.organization'),
    )
    .select('direct_address.address')
    .where('direct_address.tenant', '=', tenant)
    .where('direct_address.address', 'in', [...addresses])
    .where('direct_address.status', '=', 'enabled')
    .where('health_domain.status', '=', 'ENABLED')
    .where('organization.status', '=', 'enabled')
    .execute();
  return rows.map(({ address }) => address);
}

function bare<T extends { tenant: string }>({ tenant: _, ...row }: T): Omit<T, 'tenant'> {
  return row;
}
