/**
 * What was told of things that end, and how long changes of anchors took.
 *
 * @module
 */
import type { BundleChangeTable, CalendarNoticeTable } from './calendar-schema.ts';
import type { Scope } from './scope.ts';

export type CalendarNotice = Omit<CalendarNoticeTable, 'tenant'>;
export type BundleChange = Omit<BundleChangeTable, 'tenant'>;

/** Writes a notice down; false when this threshold of this thing was noted before. */
export async function noteCalendar({ db, tenant }: Scope, notice: CalendarNotice): Promise<boolean> {
  const result = await db
    .insertInto('calendar_notice')
    .values({ ...notice, tenant })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** The thresholds that were noted of each thing. */
export async function notedThresholds({
  db,
  tenant,
}: Scope): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  const rows = await db
    .selectFrom('calendar_notice')
    .select(['thing', 'days'])
    .where('tenant', '=', tenant)
    .execute();
  const noted = new Map<string, Set<number>>();
  for (const { thing, days } of rows) noted.set(thing, (noted.get(thing) ?? new Set()).add(Number(days)));
  return noted;
}

/** What was told last, newest first. */
export function toldNotices({ db, tenant }: Scope, limit: number): Promise<CalendarNotice[]> {
  return db
    .selectFrom('calendar_notice')
    .select(['thing', 'days', 'ends_at', 'at', 'told', 'text'])
    .where('tenant', '=', tenant)
    .where('told', '=', 1)
    .orderBy('at', 'desc')
    .orderBy('ends_at')
    .orderBy('thing')
    .limit(limit)
    .execute();
}

/** Writes a change of anchors down, once. */
export async function noteBundleChange({ db, tenant }: Scope, change: BundleChange): Promise<void> {
  await db
    .insertInto('bundle_change')
    .values({ ...change, tenant })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The last changes of all bundles, newest first. */
export function bundleChanges({ db, tenant }: Scope, limit: number): Promise<BundleChange[]> {
  return db
    .selectFrom('bundle_change')
    .select(['subscription', 'sha256', 'installed_at', 'published_at', 'added', 'removed', 'by'])
    .where('tenant', '=', tenant)
    .orderBy('installed_at', 'desc')
    .limit(limit)
    .execute();
}

/** Sent and received messages of one pair of addresses. */
export interface Correspondence {
  readonly from: string;
  readonly to: string;
  /** `out`: our user sent; `in`: ours was to receive. */
  readonly direction: 'out' | 'in';
  readonly messages: number;
  readonly last: number;
}

/** Who wrote to whom since a time, most first. Addresses only; lower case. @param since ms since 1970 UTC */
export async function correspondence(
  { db, tenant }: Scope,
  since: number,
  limit: number,
): Promise<Correspondence[]> {
  const rows = await db
    .selectFrom('message')
    .innerJoin('recipient', (join) =>
      join.onRef('recipient.message_id', '=', 'message.id').onRef('recipient.tenant', '=', 'message.tenant'),
    )
    .select(['message.envelope_from as from', 'recipient.address as to', 'message.direction as direction'])
    .select((eb) => [eb.fn.countAll<number>().as('messages'), eb.fn.max('message.received_at').as('last')])
    .where('message.tenant', '=', tenant)
    .where('message.received_at', '>=', since)
    .where('message.envelope_from', '!=', '')
    .where('message.kind', 'in', ['message', 'unknown'])
    .groupBy(['message.envelope_from', 'recipient.address', 'message.direction'])
    .orderBy('messages', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    from: row.from.toLowerCase(),
    to: row.to,
    direction: row.direction,
    messages: Number(row.messages),
    last: Number(row.last),
  }));
}
