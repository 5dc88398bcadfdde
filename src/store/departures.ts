/**
 * Departures, the steps of sequences, and links that set a password.
 *
 * @module
 */
import type { DepartureRow, DepartureState, OrderedStepRow, PasswordLinkRow } from './enrollment-schema.ts';
import type { Scope } from './scope.ts';

export async function putDeparture({ db, tenant }: Scope, row: DepartureRow): Promise<void> {
  await db
    .insertInto('departure')
    .values({ ...row, tenant })
    .onConflict((conflict) => conflict.columns(['tenant', 'id']).doUpdateSet(row))
    .execute();
}

/** All, or those in one of the states; the newest first. */
export async function listDepartures(
  { db, tenant }: Scope,
  states?: readonly DepartureState[],
): Promise<DepartureRow[]> {
  let query = db.selectFrom('departure').selectAll().where('tenant', '=', tenant);
  if (states) query = query.where('state', 'in', [...states]);
  return (await query.orderBy('created_at', 'desc').execute()).map(bare);
}

export async function departureById({ db, tenant }: Scope, id: string): Promise<DepartureRow | undefined> {
  const row = await db
    .selectFrom('departure')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && bare(row);
}

export const departingDomains = ({ domains }: Pick<DepartureRow, 'domains'>): readonly string[] =>
  JSON.parse(domains) as string[];

export async function orderedSteps({ db, tenant }: Scope, process: string): Promise<OrderedStepRow[]> {
  const rows = await db
    .selectFrom('ordered_step')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('process', '=', process)
    .execute();
  return rows.map(bare);
}

export async function putOrderedStep({ db, tenant }: Scope, row: OrderedStepRow): Promise<void> {
  await db
    .insertInto('ordered_step')
    .values({ ...row, tenant })
    .onConflict((conflict) => conflict.columns(['tenant', 'process', 'step']).doUpdateSet(row))
    .execute();
}

export async function putPasswordLink({ db, tenant }: Scope, row: PasswordLinkRow): Promise<void> {
  await db
    .insertInto('password_link')
    .values({ ...row, tenant })
    .onConflict((conflict) => conflict.columns(['tenant', 'digest']).doUpdateSet(row))
    .execute();
}

export async function passwordLink(
  { db, tenant }: Scope,
  digest: string,
): Promise<PasswordLinkRow | undefined> {
  const row = await db
    .selectFrom('password_link')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('digest', '=', digest)
    .executeTakeFirst();
  return row && bare(row);
}

/** The newest of an account. */
export async function latestPasswordLink(
  { db, tenant }: Scope,
  account: string,
): Promise<PasswordLinkRow | undefined> {
  const row = await db
    .selectFrom('password_link')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('account', '=', account)
    .orderBy('created_at', 'desc')
    .executeTakeFirst();
  return row && bare(row);
}

/** Uses a link up; false when somebody did before. What could show it again goes. */
export async function usePasswordLink(
  { db, tenant }: Scope,
  digest: string,
  used_at: number,
): Promise<boolean> {
  const result = await db
    .updateTable('password_link')
    .set({ used_at, token: '' })
    .where('tenant', '=', tenant)
    .where('digest', '=', digest)
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Makes the links of an account useless. */
export async function dropPasswordLinks({ db, tenant }: Scope, account: string): Promise<void> {
  await db.deleteFrom('password_link').where('tenant', '=', tenant).where('account', '=', account).execute();
}

/** What has no outcome yet of the mail of some domains: messages of theirs, and mail to them that waits to be opened. */
export async function unsettledOf(
  { db, tenant }: Scope,
  domains: readonly string[],
): Promise<{ readonly message: string; readonly recipient: string; readonly direction: 'in' | 'out' }[]> {
  if (domains.length === 0) return [];
  const rows = await db
    .selectFrom('recipient')
    .innerJoin('message', (join) =>
      join.onRef('message.id', '=', 'recipient.message_id').onRef('message.tenant', '=', 'recipient.tenant'),
    )
    .select(['message.id', 'message.direction', 'message.envelope_from', 'recipient.address'])
    .select(['recipient.domain', 'recipient.stage', 'recipient.timer_at'])
    .where('recipient.tenant', '=', tenant)
    .where((or) => or.or([or('recipient.stage', '!=', 'ended'), or('recipient.timer_at', 'is not', null)]))
    .execute();
  const theirs = new Set(domains);
  return rows
    .filter((row) =>
      row.direction === 'in'
        ? row.stage !== 'ended' && theirs.has(row.domain.toLowerCase())
        : theirs.has(row.envelope_from.slice(row.envelope_from.lastIndexOf('@') + 1).toLowerCase()),
    )
    .map(({ id, address, direction }) => ({ message: id, recipient: address, direction }));
}

function bare<T extends { tenant: string }>({ tenant: _, ...row }: T): Omit<T, 'tenant'> {
  return row;
}
