/**
 * Accounts, application passwords, sessions and failed attempts.
 *
 * @module
 */
import { atomically, type Scope } from './scope.ts';
import type { AccountRow, AppPasswordRow, SessionRow } from './tenancy-schema.ts';

/** An account with its addresses, the first one first. */
export interface Account extends AccountRow {
  readonly addresses: readonly string[];
}

const lower = (text: string): string => text.trim().toLowerCase();

/** The account of this name (any case). */
export async function accountByName(scope: Scope, name: string): Promise<Account | undefined> {
  const { db, tenant } = scope;
  const row = await db
    .selectFrom('account')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('name', '=', lower(name))
    .executeTakeFirst();
  return row && withAddresses(scope, row);
}

/** The account that a login names: by its name, or by an address that it alone has (any case). */
export async function accountOfLogin(scope: Scope, typed: string): Promise<Account | undefined> {
  const named = await accountByName(scope, typed);
  if (named) return named;
  const owners = await scope.db
    .selectFrom('account_address')
    .select('account')
    .where('tenant', '=', scope.tenant)
    .where('address', '=', lower(typed))
    .limit(2)
    .execute();
  return owners.length === 1 ? accountById(scope, owners[0]!.account) : undefined;
}

export async function accountById(scope: Scope, id: string): Promise<Account | undefined> {
  const { db, tenant } = scope;
  const row = await db
    .selectFrom('account')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && withAddresses(scope, row);
}

async function withAddresses(scope: Scope, row: AccountRow & { tenant: string }): Promise<Account> {
  const { tenant: _, ...account } = row;
  return { ...account, addresses: await addressesOfAccount(scope, row.id) };
}

async function addressesOfAccount({ db, tenant }: Scope, account: string): Promise<string[]> {
  const rows = await db
    .selectFrom('account_address')
    .select('address')
    .where('tenant', '=', tenant)
    .where('account', '=', account)
    .orderBy('position')
    .execute();
  return rows.map(({ address }) => address);
}

/** All, or those of one organization, by name. */
export async function listAccounts(scope: Scope, organization?: string): Promise<Account[]> {
  const { db, tenant } = scope;
  let query = db.selectFrom('account').selectAll().where('tenant', '=', tenant);
  if (organization !== undefined) query = query.where('organization', '=', organization);
  const rows = await query.orderBy('name').execute();
  const owned = await db
    .selectFrom('account_address')
    .select(['account', 'address'])
    .where('tenant', '=', tenant)
    .orderBy('position')
    .execute();
  const byAccount = Map.groupBy(owned, (one) => one.account);
  return rows.map(({ tenant: _, ...row }) => ({
    ...row,
    addresses: (byAccount.get(row.id) ?? []).map(({ address }) => address),
  }));
}

/** Keeps an account and its addresses; coming again under the same id changes all of it. */
export function putAccount(scope: Scope, account: Account): Promise<void> {
  return atomically(scope, async ({ db, tenant }) => {
    const { addresses, ...row } = account;
    const values = { ...row, name: lower(row.name) };
    await db
      .insertInto('account')
      .values({ ...values, tenant })
      .onConflict((conflict) => conflict.columns(['tenant', 'id']).doUpdateSet(values))
      .execute();
    await db
      .deleteFrom('account_address')
      .where('tenant', '=', tenant)
      .where('account', '=', account.id)
      .execute();
    const owned = [...new Set(addresses.map(lower))];
    if (owned.length === 0) return;
    await db
      .insertInto('account_address')
      .values(owned.map((address, position) => ({ tenant, account: account.id, address, position })))
      .execute();
  });
}

export async function listAppPasswords({ db, tenant }: Scope, account: string): Promise<AppPasswordRow[]> {
  return db
    .selectFrom('app_password')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('account', '=', account)
    .orderBy('created_at')
    .execute();
}

export async function putAppPassword({ db, tenant }: Scope, row: AppPasswordRow): Promise<void> {
  await db
    .insertInto('app_password')
    .values({ ...row, tenant })
    .execute();
}

/** The application password with this digest that is not revoked, of any account of the tenant. */
export async function appPasswordByDigest(
  { db, tenant }: Scope,
  digest: string,
): Promise<AppPasswordRow | undefined> {
  return db
    .selectFrom('app_password')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('digest', '=', digest)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
}

/** True when there was one to revoke. */
export async function revokeAppPassword(
  { db, tenant }: Scope,
  which: { readonly account: string; readonly id: string; readonly at: number },
): Promise<boolean> {
  const result = await db
    .updateTable('app_password')
    .set({ revoked_at: which.at })
    .where('tenant', '=', tenant)
    .where('account', '=', which.account)
    .where('id', '=', which.id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function putSession({ db, tenant }: Scope, row: SessionRow): Promise<void> {
  await db
    .insertInto('session')
    .values({ ...row, tenant })
    .execute();
}

export async function sessionByDigest(
  { db, tenant }: Scope,
  digest: string,
): Promise<SessionRow | undefined> {
  return db
    .selectFrom('session')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('digest', '=', digest)
    .executeTakeFirst();
}

export async function touchSession({ db, tenant }: Scope, digest: string, seen_at: number): Promise<void> {
  await db
    .updateTable('session')
    .set({ seen_at })
    .where('tenant', '=', tenant)
    .where('digest', '=', digest)
    .execute();
}

export async function endSession({ db, tenant }: Scope, digest: string): Promise<void> {
  await db.deleteFrom('session').where('tenant', '=', tenant).where('digest', '=', digest).execute();
}

/** Every session of an account: after its password, role or status changed. */
export async function endSessionsOf({ db, tenant }: Scope, account: string): Promise<void> {
  await db.deleteFrom('session').where('tenant', '=', tenant).where('account', '=', account).execute();
}

/** Sessions that were made before `made`, or not used since `seen`. */
export async function purgeSessions(
  { db, tenant }: Scope,
  older: { readonly made: number; readonly seen: number },
): Promise<void> {
  await db
    .deleteFrom('session')
    .where('tenant', '=', tenant)
    .where((or) => or.or([or('created_at', '<', older.made), or('seen_at', '<', older.seen)]))
    .execute();
}

/** How long each of the keys is locked still; 0 when none is. */
export async function lockedFor(
  { db, tenant }: Scope,
  keys: readonly string[],
  now: number,
): Promise<number> {
  const rows = await db
    .selectFrom('login_failure')
    .select('locked_until')
    .where('tenant', '=', tenant)
    .where('key', 'in', [...keys])
    .execute();
  return Math.max(0, ...rows.map(({ locked_until }) => (locked_until ?? 0) - now));
}

export interface FailureRule {
  readonly key: string;
  /** So many failures within `windowMs` lock for `lockMs`. */
  readonly limit: number;
  readonly windowMs: number;
  readonly lockMs: number;
}

/** Counts a failure under each key; forgets what is long past. */
export function countFailure(scope: Scope, rules: readonly FailureRule[], now: number): Promise<void> {
  return atomically(scope, async ({ db, tenant }) => {
    const past = now - Math.max(...rules.map(({ windowMs }) => windowMs));
    await db
      .deleteFrom('login_failure')
      .where('tenant', '=', tenant)
      .where('first_at', '<', past)
      .where((or) => or.or([or('locked_until', 'is', null), or('locked_until', '<', now)]))
      .execute();
    for (const { key, limit, windowMs, lockMs } of rules) {
      const row = await db
        .selectFrom('login_failure')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('key', '=', key)
        .executeTakeFirst();
      const recent = row && now - row.first_at < windowMs && (row.locked_until ?? now + 1) > now;
      const failures = (recent ? row.failures : 0) + 1;
      const values = {
        failures,
        first_at: recent ? row.first_at : now,
        locked_until: failures >= limit ? now + lockMs : null,
      };
      await db
        .insertInto('login_failure')
        .values({ tenant, key, ...values })
        .onConflict((conflict) => conflict.columns(['tenant', 'key']).doUpdateSet(values))
        .execute();
    }
  });
}

export async function forgetFailures({ db, tenant }: Scope, key: string): Promise<void> {
  await db.deleteFrom('login_failure').where('tenant', '=', tenant).where('key', '=', key).execute();
}
