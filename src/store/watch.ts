/**
 * The books of the watch.
 *
 * @module
 */
import type { Scope } from './scope.ts';
import type {
  WatchAlertTable,
  WatchDomainTable,
  WatchEventTable,
  WatchObservationTable,
} from './watch-schema.ts';

export type WatchDomainRow = Omit<WatchDomainTable, 'tenant'>;
export type WatchObservationRow = Omit<WatchObservationTable, 'tenant'>;
export type WatchEventRow = Omit<WatchEventTable, 'tenant'>;
export type WatchAlertRow = Omit<WatchAlertTable, 'tenant'>;

/** Rows of one domain that are kept; older ones go. */
export const KEPT_OBSERVATIONS = 200;
export const KEPT_EVENTS = 1000;

export function watchDomains({ db, tenant }: Scope): Promise<WatchDomainRow[]> {
  return db
    .selectFrom('watch_domain')
    .select(['domain', 'standing', 'last_at', 'next_at'])
    .where('tenant', '=', tenant)
    .execute();
}

export function watchDomain({ db, tenant }: Scope, domain: string): Promise<WatchDomainRow | undefined> {
  return db
    .selectFrom('watch_domain')
    .select(['domain', 'standing', 'last_at', 'next_at'])
    .where('tenant', '=', tenant)
    .where('domain', '=', domain)
    .executeTakeFirst();
}

export async function putWatchDomain({ db, tenant }: Scope, row: WatchDomainRow): Promise<void> {
  const { domain: _, ...rest } = row;
  await db
    .insertInto('watch_domain')
    .values({ ...row, tenant })
    .onConflict((conflict) => conflict.columns(['tenant', 'domain']).doUpdateSet(rest))
    .execute();
}

/** Keeps what was seen: as one more run of the last row when nothing that counts is different. */
export async function putWatchObservation(
  scope: Scope,
  seen: Pick<WatchObservationRow, 'domain' | 'digest' | 'body'> & { readonly at: number },
): Promise<void> {
  const { db, tenant } = scope;
  const { domain, digest, body, at } = seen;
  const [last] = await watchHistory(scope, domain, 1);
  if (last && (last.digest === digest || last.first_at === at)) {
    await db
      .updateTable('watch_observation')
      .set({ last_at: at, runs: Number(last.runs) + 1, digest, body })
      .where('tenant', '=', tenant)
      .where('domain', '=', domain)
      .where('first_at', '=', last.first_at)
      .execute();
    return;
  }
  await db
    .insertInto('watch_observation')
    .values({ tenant, domain, digest, body, first_at: at, last_at: at, runs: 1 })
    .execute();
  const [oldest] = (await watchHistory(scope, domain, KEPT_OBSERVATIONS)).slice(KEPT_OBSERVATIONS - 1);
  if (!oldest) return;
  await db
    .deleteFrom('watch_observation')
    .where('tenant', '=', tenant)
    .where('domain', '=', domain)
    .where('first_at', '<', oldest.first_at)
    .execute();
}

/** Newest first. */
export function watchHistory(
  { db, tenant }: Scope,
  domain: string,
  limit: number,
): Promise<WatchObservationRow[]> {
  return db
    .selectFrom('watch_observation')
    .select(['domain', 'first_at', 'last_at', 'runs', 'digest', 'body'])
    .where('tenant', '=', tenant)
    .where('domain', '=', domain)
    .orderBy('first_at', 'desc')
    .limit(limit)
    .execute();
}

/** False when it was written down before. */
export async function putWatchEvent({ db, tenant }: Scope, row: WatchEventRow): Promise<boolean> {
  const result = await db
    .insertInto('watch_event')
    .values({ ...row, tenant })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Newest first. @param domain undefined: of all */
export function watchEvents(
  { db, tenant }: Scope,
  domain: string | undefined,
  limit: number,
): Promise<WatchEventRow[]> {
  return db
    .selectFrom('watch_event')
    .select(['id', 'domain', 'at', 'body'])
    .where('tenant', '=', tenant)
    .$if(domain !== undefined, (query) => query.where('domain', '=', domain!))
    .orderBy('at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
}

export async function trimWatchEvents(scope: Scope, domain: string): Promise<void> {
  const [oldest] = (await watchEvents(scope, domain, KEPT_EVENTS)).slice(KEPT_EVENTS - 1);
  if (!oldest) return;
  await scope.db
    .deleteFrom('watch_event')
    .where('tenant', '=', scope.tenant)
    .where('domain', '=', domain)
    .where('at', '<', oldest.at)
    .execute();
}

export async function putWatchAlert(
  { db, tenant }: Scope,
  row: Pick<WatchAlertRow, 'id' | 'channel' | 'domain' | 'events' | 'made_at'>,
): Promise<void> {
  await db
    .insertInto('watch_alert')
    .values({ ...row, tenant, attempts: 0, next_at: row.made_at, done_at: null, why: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

const ALERT = [
  'id',
  'channel',
  'domain',
  'events',
  'made_at',
  'attempts',
  'next_at',
  'done_at',
  'why',
] as const;

/** Alerts that wait, soonest first. */
export function waitingAlerts({ db, tenant }: Scope, limit: number): Promise<WatchAlertRow[]> {
  return db
    .selectFrom('watch_alert')
    .select(ALERT)
    .where('tenant', '=', tenant)
    .where('next_at', 'is not', null)
    .orderBy('next_at')
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Alerts about a domain, newest first. */
export function watchAlerts({ db, tenant }: Scope, domain: string, limit: number): Promise<WatchAlertRow[]> {
  return db
    .selectFrom('watch_alert')
    .select(ALERT)
    .where('tenant', '=', tenant)
    .where('domain', '=', domain)
    .orderBy('made_at', 'desc')
    .limit(limit)
    .execute();
}

export async function noteAlert(
  { db, tenant }: Scope,
  {
    id,
    channel,
    ...change
  }: Pick<WatchAlertRow, 'id' | 'channel' | 'attempts' | 'next_at' | 'done_at' | 'why'>,
): Promise<void> {
  await db
    .updateTable('watch_alert')
    .set(change)
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .where('channel', '=', channel)
    .execute();
}

/** The events of an alert, in the order of their ids. */
export function eventsById({ db, tenant }: Scope, ids: readonly string[]): Promise<WatchEventRow[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return db
    .selectFrom('watch_event')
    .select(['id', 'domain', 'at', 'body'])
    .where('tenant', '=', tenant)
    .where('id', 'in', [...ids])
    .orderBy('id')
    .execute();
}
