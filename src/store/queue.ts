/**
 * The durable queue: messages, their recipients, and where each stands. Whose turn it is, `claims.ts` says.
 *
 * @module
 */
import { type Selectable, sql } from 'kysely';
import { PART_OCTETS, putBlob } from './blobs.ts';
import { changesOf, firstOf, type Prepared, prepared } from './prepared.ts';
import type { EnvelopeTable, MessageRow, MessageTable, RecipientRow, RecipientTable } from './schema.ts';
import { atomically, type Scope } from './scope.ts';

export type NewMessage = Omit<MessageTable, 'tenant' | 'bytes_sha256'> & {
  readonly bytes: Uint8Array;
};

export type NewQueued = Pick<
  RecipientTable,
  'address' | 'written' | 'domain' | 'stage' | 'state' | 'next_at' | 'deadline' | 'timer_at'
>;

/** Who works on something, and until when it is his. */
export interface Lease {
  readonly owner: string;
  /** ms since 1970. */
  readonly until: number;
}

/**
 * Keeps a message with all its recipients, or nothing.
 *
 * @param lease of whoever has the message in hand already: nobody else will claim it
 * @returns the work as `claim` would have given it
 */
export function enqueue(
  scope: Scope,
  message: NewMessage,
  recipients: readonly NewQueued[],
  lease?: Lease,
): Promise<Claim> {
  return atomically(scope, async (inside) => {
    const { bytes, ...row } = message;
    const kept = { ...row, tenant: scope.tenant, bytes_sha256: await putBlob(inside, bytes) };
    await insertMessage(inside, kept);
    const rows: RecipientRow[] = [];
    for (const recipient of recipients) rows.push(await addRecipient(inside, message.id, recipient, lease));
    return { message: kept, isLarge: bytes.length >= LARGE_OCTETS, recipients: rows.sort(byAddress) };
  });
}

const insertMessage = prepared((db, p: MessageTable) =>
  db
    .insertInto('message')
    .values({
      tenant: p.tenant,
      id: p.id,
      direction: p.direction,
      kind: p.kind,
      bytes_sha256: p.bytes_sha256,
      envelope_from: p.envelope_from,
      received_at: p.received_at,
      internet_id: p.internet_id,
      delivery_requested: p.delivery_requested,
      follows: p.follows,
    })
    .compile(),
);

/** One more recipient of a message that is in the queue; nothing when it has it already. */
export async function addRecipient(
  scope: Scope,
  messageId: string,
  { address, written, domain, stage, state, next_at, deadline, timer_at }: NewQueued,
  lease?: Lease,
): Promise<RecipientRow> {
  const queue = { address, written, domain, stage, state, next_at, deadline, timer_at };
  const fresh = { ...queue, message_id: messageId, version: 0, attempts: 0 };
  const held = { lease_owner: lease?.owner ?? null, lease_until: lease?.until ?? null };
  await insertRecipient(scope, { ...fresh, ...held });
  return { ...fresh, ...held, tenant: scope.tenant, envelope_id: null, causes: null };
}

const insertRecipient = prepared((db, p: Omit<RecipientTable, 'envelope_id' | 'causes'>) =>
  db
    .insertInto('recipient')
    .values({
      tenant: p.tenant,
      message_id: p.message_id,
      address: p.address,
      written: p.written,
      domain: p.domain,
      stage: p.stage,
      state: p.state,
      version: p.version,
      attempts: p.attempts,
      next_at: p.next_at,
      deadline: p.deadline,
      timer_at: p.timer_at,
      lease_owner: p.lease_owner,
      lease_until: p.lease_until,
    })
    .onConflict((conflict) => conflict.doNothing())
    .compile(),
);

/** Work to do in one go: all the recipients of a message (and, for `transmit`, of an envelope and a domain) in turn. */
export interface Claim {
  readonly message: MessageRow;
  /** Whether it has `LARGE_OCTETS` or more. */
  readonly isLarge: boolean;
  readonly recipients: readonly RecipientRow[];
}

/** From here on a message counts as large: it takes some ten times its octets of memory while it is worked on. */
export const LARGE_OCTETS = PART_OCTETS;

export const byAddress = (a: RecipientRow, b: RecipientRow): number => (a.address < b.address ? -1 : 1);

/** What may change. A change of `stage` or `next_at` gives the lease back; news about the outcome alone does not. */
export type Progress = Partial<
  Pick<
    RecipientTable,
    'stage' | 'state' | 'next_at' | 'deadline' | 'timer_at' | 'envelope_id' | 'causes' | 'attempts'
  >
>;

/**
 * Changes a recipient if it is still as the caller saw it; `version` goes up. False: somebody else was faster, so look
 * again.
 */
export async function advance(
  scope: Scope,
  seen: Pick<RecipientRow, 'message_id' | 'address' | 'version'>,
  progress: Progress,
): Promise<boolean> {
  const worked = 'stage' in progress || 'next_at' in progress;
  const { message_id, address, version: was } = seen;
  const set = {
    ...progress,
    version: was + 1,
    ...(worked ? { lease_owner: null, lease_until: null } : {}),
  };
  const columns = Object.keys(set) as (keyof typeof set)[];
  return (await changesOf(changing(columns)(scope, { ...set, message_id, address, was }))) === 1;
}

type Change = Partial<RecipientTable> & Pick<RecipientTable, 'tenant' | 'message_id' | 'address'>;

/** One statement for each set of columns that change together; there are few. */
const changes = new Map<string, Prepared<Change & { readonly was: number }, unknown>>();

function changing(columns: readonly (keyof Change)[]): Prepared<Change & { readonly was: number }, unknown> {
  const name = columns.join();
  let change = changes.get(name);
  if (!change) {
    change = prepared((db, p: Change & { readonly was: number }) =>
      db
        .updateTable('recipient')
        .set(Object.fromEntries(columns.map((column) => [column, p[column]])))
        .where('tenant', '=', p.tenant)
        .where('message_id', '=', p.message_id)
        .where('address', '=', p.address)
        .where('version', '=', p.was)
        .compile(),
    );
    changes.set(name, change);
  }
  return change;
}

export const messageOf = (scope: Scope, id: string): Promise<MessageRow | undefined> =>
  firstOf(selectMessage(scope, { id }));

const selectMessage = prepared((db, p: { tenant: string; id: string }) =>
  db.selectFrom('message').selectAll().where('tenant', '=', p.tenant).where('id', '=', p.id).compile(),
);

/** The recipients of a message, by address. */
export async function recipientsOf({ db, tenant }: Scope, messageId: string): Promise<RecipientRow[]> {
  return db
    .selectFrom('recipient')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('message_id', '=', messageId)
    .orderBy('address')
    .execute();
}

/** One recipient, `address` in lower case. */
export const recipientOf = (
  scope: Scope,
  messageId: string,
  address: string,
): Promise<RecipientRow | undefined> => firstOf(selectRecipient(scope, { message_id: messageId, address }));

export const selectRecipient = prepared((db, p: { tenant: string; message_id: string; address: string }) =>
  db
    .selectFrom('recipient')
    .selectAll()
    .where('tenant', '=', p.tenant)
    .where('message_id', '=', p.message_id)
    .where('address', '=', p.address)
    .compile(),
);

/** Recipients whose timer went off, most overdue first. */
export async function overdue({ db, tenant }: Scope, now: number): Promise<RecipientRow[]> {
  return (
    db
      .selectFrom('recipient')
      .selectAll()
      .where('tenant', '=', tenant)
      // as its index says it
      .where('timer_at', '>', sql.lit(0))
      .where('timer_at', '<=', now)
      .orderBy('timer_at')
      .orderBy('message_id')
      .orderBy('address')
      .execute()
  );
}

/** Keeps bytes that are ready for the wire; returns the id of the envelope. */
export async function putEnvelope(
  scope: Scope,
  envelope: Omit<Selectable<EnvelopeTable>, 'tenant' | 'bytes_sha256'> & { readonly bytes: Uint8Array },
): Promise<void> {
  const { bytes, ...row } = envelope;
  const bytes_sha256 = await putBlob(scope, bytes);
  await scope.db
    .insertInto('envelope')
    .values({ ...row, tenant: scope.tenant, bytes_sha256 })
    .execute();
}

export async function envelopeOf({ db, tenant }: Scope, id: string) {
  return db
    .selectFrom('envelope')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Incoming recipients that were looked at and not decided, oldest message first. */
export async function listDeferred(
  scope: Scope,
): Promise<{ readonly message: MessageRow; readonly recipient: RecipientRow }[]> {
  const rows = await scope.db
    .selectFrom('recipient')
    .selectAll()
    .where('tenant', '=', scope.tenant)
    .where('stage', '=', 'open')
    .where('causes', 'is not', null)
    .execute();
  const found = await Promise.all(
    rows.map(async (recipient) => ({ recipient, message: await messageOf(scope, recipient.message_id) })),
  );
  return found
    .flatMap(({ recipient, message }) => (message ? [{ message, recipient }] : []))
    .sort((a, b) => a.message.received_at - b.message.received_at);
}
