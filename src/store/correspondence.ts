/**
 * Mail as its owners see it: what came, what was sent, and what became of it.
 *
 * @module
 */
import { type JournalEntry, type MailboxItem, readJournal } from './mailbox.ts';
import { recipientsOf } from './queue.ts';
import type { MessageRow, RecipientRow } from './schema.ts';
import type { Scope } from './scope.ts';

export interface MailPage {
  /** Only what is older than the row with this key. */
  readonly before?: number;
  readonly limit: number;
}

/** What is in the INBOX of the addresses, the newest first. */
export async function inboxItems(
  { db, tenant }: Scope,
  addresses: readonly string[],
  { before, limit }: MailPage,
): Promise<MailboxItem[]> {
  if (addresses.length === 0) return [];
  return db
    .selectFrom('mailbox_item')
    .innerJoin('folder', 'folder.id', 'mailbox_item.folder_id')
    .selectAll('mailbox_item')
    .where('mailbox_item.tenant', '=', tenant)
    .where('folder.tenant', '=', tenant)
    .where('mailbox_item.address', 'in', [...addresses])
    .where('folder.name', '=', 'INBOX')
    .$if(before !== undefined, (query) => query.where('mailbox_item.id', '<', before!))
    .orderBy('mailbox_item.id', 'desc')
    .limit(limit)
    .execute();
}

/** Messages that the addresses sent, the newest first. `before` is a time. */
export async function sentMessages(
  { db, tenant }: Scope,
  addresses: readonly string[],
  { before, limit }: MailPage,
): Promise<MessageRow[]> {
  if (addresses.length === 0) return [];
  return db
    .selectFrom('message')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('direction', '=', 'out')
    .where('kind', '=', 'message')
    .where((eb) => eb(eb.fn<string>('lower', ['envelope_from']), 'in', [...addresses]))
    .$if(before !== undefined, (query) => query.where('received_at', '<', before!))
    .orderBy('received_at', 'desc')
    .limit(limit)
    .execute();
}

export interface Fate {
  readonly message: MessageRow;
  readonly recipients: readonly RecipientRow[];
  readonly journal: readonly JournalEntry[];
}

/** A message that one of the addresses sent, with all that happened to it. */
export async function fateOf(
  scope: Scope,
  addresses: readonly string[],
  id: string,
): Promise<Fate | undefined> {
  const message = await scope.db
    .selectFrom('message')
    .selectAll()
    .where('tenant', '=', scope.tenant)
    .where('id', '=', id)
    .where('direction', '=', 'out')
    .where('kind', '=', 'message')
    .executeTakeFirst();
  if (!message || !addresses.includes(message.envelope_from.toLowerCase())) return undefined;
  return { message, recipients: await recipientsOf(scope, id), journal: await readJournal(scope, id) };
}

/** A recipient in the queue, with the message. */
export interface QueueRow
  extends Pick<
    RecipientRow,
    'message_id' | 'address' | 'stage' | 'state' | 'attempts' | 'next_at' | 'deadline' | 'causes'
  > {
  readonly direction: MessageRow['direction'];
  readonly kind: MessageRow['kind'];
  readonly envelope_from: string;
  readonly received_at: number;
}

/** What is under way, the oldest first. */
export async function queueRows({ db, tenant }: Scope, limit: number): Promise<QueueRow[]> {
  return db
    .selectFrom('recipient')
    .innerJoin('message', (join) =>
      join.onRef('message.tenant', '=', 'recipient.tenant').onRef('message.id', '=', 'recipient.message_id'),
    )
    .select(['recipient.message_id', 'recipient.address', 'recipient.stage', 'recipient.state'])
    .select(['recipient.attempts', 'recipient.next_at', 'recipient.deadline', 'recipient.causes'])
    .select(['message.direction', 'message.kind', 'message.envelope_from', 'message.received_at'])
    .where('recipient.tenant', '=', tenant)
    .where('recipient.stage', '!=', 'ended')
    .orderBy('message.received_at')
    .limit(limit)
    .execute();
}

export interface DomainTraffic {
  readonly domain: string;
  readonly sent: number;
  readonly failed: number;
  readonly received: number;
}

/** Messages (not notices) of each domain since a time, by recipient. */
export async function trafficSince({ db, tenant }: Scope, since: number): Promise<DomainTraffic[]> {
  const rows = await db
    .selectFrom('message')
    .innerJoin('recipient', (join) =>
      join.onRef('recipient.tenant', '=', 'message.tenant').onRef('recipient.message_id', '=', 'message.id'),
    )
    .select(['message.envelope_from', 'recipient.state', (eb) => eb.fn.countAll<number>().as('count')])
    .where('message.tenant', '=', tenant)
    .where('message.direction', '=', 'out')
    .where('message.kind', '=', 'message')
    .where('message.received_at', '>=', since)
    .groupBy(['message.envelope_from', 'recipient.state'])
    .execute();
  const came = await db
    .selectFrom('mailbox_item')
    .select(['address', (eb) => eb.fn.countAll<number>().as('count')])
    .where('tenant', '=', tenant)
    .where('kind', '=', 'message')
    .where('received_at', '>=', since)
    .groupBy('address')
    .execute();
  const found = new Map<string, { domain: string; sent: number; failed: number; received: number }>();
  const of = (address: string) => {
    const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
    let one = found.get(domain);
    if (!one) found.set(domain, (one = { domain, sent: 0, failed: 0, received: 0 }));
    return one;
  };
  for (const { envelope_from, state, count } of rows) {
    of(envelope_from).sent += Number(count);
    if (state === 'failed' || state === 'timed-out') of(envelope_from).failed += Number(count);
  }
  for (const { address, count } of came) of(address).received += Number(count);
  return [...found.values()];
}
