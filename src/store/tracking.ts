/**
 * What was asked and told: the messages of ours that a notice speaks of, notices given, content seen before.
 *
 * @module
 */
import { sql } from 'kysely';
import type { MessageRow, NoticeTable, RecipientRow } from './schema.ts';
import type { Scope } from './scope.ts';

export interface Tracked {
  readonly message: MessageRow;
  readonly recipient: RecipientRow;
}

/** As an expression, so that the Message-ID is looked up, and not every message in the order of its time. */
const byTime = sql`received_at + 0`;

/** Messages of ours with this Message-ID that one of `addresses` (lower case) is a recipient of, newest first. */
export async function trackedBy(
  { db, tenant }: Scope,
  internetId: string,
  addresses: readonly string[],
): Promise<Tracked[]> {
  const messages = await db
    .selectFrom('message')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('direction', '=', 'out')
    .where('kind', '=', 'message')
    .where('internet_id', '=', internetId)
    .orderBy(byTime, 'desc')
    .execute();
  const found: Tracked[] = [];
  for (const message of messages) {
    const rows = await db
      .selectFrom('recipient')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('message_id', '=', message.id)
      .where('state', '!=', 'untracked')
      .execute();
    for (const address of addresses) {
      const recipient = rows.find((row) => row.address === address);
      if (recipient) found.push({ message, recipient });
    }
  }
  return found;
}

/** Whether `address` (lower case) sent a message with this Message-ID. */
export async function isSentBy({ db, tenant }: Scope, internetId: string, address: string): Promise<boolean> {
  const found = await db
    .selectFrom('message')
    .select('envelope_from')
    .where('tenant', '=', tenant)
    .where('direction', '=', 'out')
    .where('kind', '=', 'message')
    .where('internet_id', '=', internetId)
    .execute();
  return found.some(({ envelope_from }) => envelope_from.toLowerCase() === address);
}

/** Whether a notice with this id was given. */
export async function noticeGiven({ db, tenant }: Scope, id: string): Promise<boolean> {
  const found = await db
    .selectFrom('notice')
    .select('id')
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst();
  return found !== undefined;
}

/** The last message of ours with this Message-ID. */
export async function latestNamed(
  { db, tenant }: Scope,
  internetId: string,
): Promise<MessageRow | undefined> {
  return db
    .selectFrom('message')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('direction', '=', 'out')
    .where('internet_id', '=', internetId)
    .orderBy(byTime, 'desc')
    .executeTakeFirst();
}

/** Writes down that a notice was given; false when it was given before. */
export async function noteNotice(
  { db, tenant }: Scope,
  notice: Omit<NoticeTable, 'tenant'>,
): Promise<boolean> {
  const result = await db
    .insertInto('notice')
    .values({ ...notice, tenant })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Whether content was accepted. */
export async function isAccepted({ db, tenant }: Scope, digest: string): Promise<boolean> {
  const row = await db
    .selectFrom('accepted')
    .select('digest')
    .where('tenant', '=', tenant)
    .where('digest', '=', digest)
    .executeTakeFirst();
  return row !== undefined;
}

/** Marks content as accepted; gives the message that brought it before, if one did. */
export async function acceptOnce(
  { db, tenant }: Scope,
  row: {
    readonly digest: string;
    readonly message_id: string;
    readonly address: string;
    readonly at: number;
  },
): Promise<string | undefined> {
  const result = await db
    .insertInto('accepted')
    .values({ ...row, tenant })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if ((result.numInsertedOrUpdatedRows ?? 0n) > 0n) return undefined;
  const earlier = await db
    .selectFrom('accepted')
    .select('message_id')
    .where('tenant', '=', tenant)
    .where('digest', '=', row.digest)
    .executeTakeFirst();
  return earlier?.message_id;
}
