/**
 * What was asked and told: the messages of ours that a notice speaks of, notices given, content seen before.
 *
 * @module
 */
import { changesOf, firstOf, prepared, rowsOf } from './prepared.ts';
import { selectRecipient } from './queue.ts';
import type { AcceptedTable, MessageRow, NoticeTable, RecipientRow } from './schema.ts';
import type { Scope } from './scope.ts';

export interface Tracked {
  readonly message: MessageRow;
  readonly recipient: RecipientRow;
}

/** Sorted here: SQLite prepares a query with an order anew for each Message-ID, which costs more than all the rest. */
const newestFirst = (rows: readonly MessageRow[]): MessageRow[] =>
  [...rows].sort((a, b) => b.received_at - a.received_at);

/** Messages of ours with this Message-ID that one of `addresses` (lower case) is a recipient of, newest first. */
export async function trackedBy(
  scope: Scope,
  internetId: string,
  addresses: readonly string[],
): Promise<Tracked[]> {
  const messages = newestFirst(await rowsOf(ownNamed(scope, { internet_id: internetId })));
  const found: Tracked[] = [];
  for (const message of messages) {
    for (const address of addresses) {
      const recipient = await firstOf(selectRecipient(scope, { message_id: message.id, address }));
      if (recipient && recipient.state !== 'untracked') found.push({ message, recipient });
    }
  }
  return found;
}

type Named = { readonly tenant: string; readonly internet_id: string };

const ownNamed = prepared((db, p: Named) =>
  db
    .selectFrom('message')
    .selectAll()
    .where('tenant', '=', p.tenant)
    .where('direction', '=', 'out')
    .where('kind', '=', 'message')
    .where('internet_id', '=', p.internet_id)
    .compile(),
);

/** Whether `address` (lower case) sent a message with this Message-ID. */
export async function isSentBy(scope: Scope, internetId: string, address: string): Promise<boolean> {
  const found = await rowsOf(sendersNamed(scope, { internet_id: internetId }));
  return found.some(({ envelope_from }) => envelope_from.toLowerCase() === address);
}

const sendersNamed = prepared((db, p: Named) =>
  db
    .selectFrom('message')
    .select('envelope_from')
    .where('tenant', '=', p.tenant)
    .where('direction', '=', 'out')
    .where('kind', '=', 'message')
    .where('internet_id', '=', p.internet_id)
    .compile(),
);

/** Whether a notice with this id was given. */
export const noticeGiven = async (scope: Scope, id: string): Promise<boolean> =>
  (await firstOf(selectNotice(scope, { id }))) !== undefined;

const selectNotice = prepared((db, p: { tenant: string; id: string }) =>
  db.selectFrom('notice').select('id').where('tenant', '=', p.tenant).where('id', '=', p.id).compile(),
);

/** The last message of ours with this Message-ID. */
export const latestNamed = async (scope: Scope, internetId: string): Promise<MessageRow | undefined> =>
  newestFirst(await rowsOf(named(scope, { internet_id: internetId })))[0];

const named = prepared((db, p: Named) =>
  db
    .selectFrom('message')
    .selectAll()
    .where('tenant', '=', p.tenant)
    .where('direction', '=', 'out')
    .where('internet_id', '=', p.internet_id)
    .compile(),
);

/** Writes down that a notice was given; false when it was given before. */
export const noteNotice = async (scope: Scope, notice: Omit<NoticeTable, 'tenant'>): Promise<boolean> =>
  (await changesOf(insertNotice(scope, notice))) > 0;

const insertNotice = prepared((db, p: NoticeTable) =>
  db
    .insertInto('notice')
    .values({
      tenant: p.tenant,
      id: p.id,
      message_id: p.message_id,
      recipient: p.recipient,
      kind: p.kind,
      sent_at: p.sent_at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .compile(),
);

/** Whether content was accepted. */
export const isAccepted = async (scope: Scope, digest: string): Promise<boolean> =>
  (await firstOf(selectAccepted(scope, { digest }))) !== undefined;

const selectAccepted = prepared((db, p: { tenant: string; digest: string }) =>
  db
    .selectFrom('accepted')
    .select('message_id')
    .where('tenant', '=', p.tenant)
    .where('digest', '=', p.digest)
    .compile(),
);

/** Marks content as accepted; gives the message that brought it before, if one did. */
export async function acceptOnce(
  scope: Scope,
  row: Omit<AcceptedTable, 'tenant'>,
): Promise<string | undefined> {
  if ((await changesOf(insertAccepted(scope, row))) > 0) return undefined;
  return (await firstOf(selectAccepted(scope, { digest: row.digest })))?.message_id;
}

const insertAccepted = prepared((db, p: AcceptedTable) =>
  db
    .insertInto('accepted')
    .values({ tenant: p.tenant, digest: p.digest, message_id: p.message_id, address: p.address, at: p.at })
    .onConflict((conflict) => conflict.doNothing())
    .compile(),
);
