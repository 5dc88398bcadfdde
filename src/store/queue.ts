/**
 * The durable queue: messages, their recipients, and whose turn it is.
 *
 * A recipient that is due is claimed by a lease before anybody works on it. A lease that ran out (its owner died) is
 * free again; the work is then done once more, never lost.
 *
 * @module
 */
import { type Insertable, type Selectable, sql } from 'kysely';
import { putBlob } from './blobs.ts';
import type {
  EnvelopeTable,
  MessageRow,
  MessageTable,
  RecipientRow,
  RecipientTable,
  Stage,
} from './schema.ts';
import { atomically, type Scope } from './scope.ts';

export type NewMessage = Omit<Insertable<MessageTable>, 'tenant' | 'bytes_sha256'> & {
  readonly bytes: Uint8Array;
};

export type NewQueued = Pick<
  RecipientTable,
  'address' | 'written' | 'domain' | 'stage' | 'state' | 'next_at' | 'deadline' | 'timer_at'
>;

/** Keeps a message with all its recipients, or nothing. */
export function enqueue(scope: Scope, message: NewMessage, recipients: readonly NewQueued[]): Promise<void> {
  return atomically(scope, async (inside) => {
    const { bytes, ...row } = message;
    const bytes_sha256 = await putBlob(inside, bytes);
    await inside.db
      .insertInto('message')
      .values({ ...row, tenant: scope.tenant, bytes_sha256 })
      .execute();
    for (const recipient of recipients) await addRecipient(inside, message.id, recipient);
  });
}

/** One more recipient of a message that is in the queue; nothing when it has it already. */
export async function addRecipient(
  { db, tenant }: Scope,
  messageId: string,
  recipient: NewQueued,
): Promise<void> {
  await db
    .insertInto('recipient')
    .values({ ...recipient, tenant, message_id: messageId, version: 0, attempts: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Work to do in one go: all the recipients of a message (and, for `transmit`, of an envelope and a domain) in turn. */
export interface Claim {
  readonly message: MessageRow;
  /** Whether it has `LARGE_OCTETS` or more. */
  readonly isLarge: boolean;
  readonly recipients: readonly RecipientRow[];
}

export interface ClaimOptions {
  readonly stage: Exclude<Stage, 'ended'>;
  readonly now: number;
  readonly owner: string;
  readonly leaseMs: number;
  /** Works at most. */
  readonly most: number;
  /** Domains to leave alone for now. */
  readonly notDomains?: readonly string[];
  /** Of these works, at most so many for one domain; no bound by default. */
  readonly roomFor?: (domain: string) => number;
  /** Of these works, at most so many of messages of `LARGE_OCTETS` or more; no bound by default. */
  readonly roomForLarge?: number;
}

/** From here on a message counts as large: it takes some ten times its octets of memory while it is worked on. */
export const LARGE_OCTETS = 1 << 20;

/** SQLite knows it without reading them. */
const octets = sql<number>`length(blob.bytes)`;

/** Rows looked at for each work that is wanted: a message may have several recipients. */
const ROWS_A_WORK = 4;

/**
 * Takes the work that is due longest, in one transaction; none when there is none. A message waits for the one that it
 * follows.
 */
export async function claim(scope: Scope, options: ClaimOptions): Promise<Claim[]> {
  const { stage, now, most, notDomains = [], roomFor = () => most, roomForLarge = most } = options;
  const rows = await scope.db
    .selectFrom('recipient')
    .innerJoin('message', (join) =>
      join.onRef('message.tenant', '=', 'recipient.tenant').onRef('message.id', '=', 'recipient.message_id'),
    )
    .innerJoin('blob', (join) =>
      join.onRef('blob.tenant', '=', 'message.tenant').onRef('blob.sha256', '=', 'message.bytes_sha256'),
    )
    .selectAll('message')
    .select(['recipient.envelope_id', 'recipient.domain', octets.as('octets')])
    .where('recipient.tenant', '=', scope.tenant)
    .where('stage', '=', stage)
    .where('next_at', '<=', now)
    .where((is) => is.or([is('lease_until', 'is', null), is('lease_until', '<=', now)]))
    .$if(roomForLarge === 0, (query) => query.where(octets, '<', LARGE_OCTETS))
    .$if(notDomains.length > 0, (query) => query.where('domain', 'not in', [...notDomains]))
    // only what we say ourselves follows something, and only its preparing waits
    .$if(stage === 'prepare', (query) => query.where(followsNothing))
    .orderBy('next_at')
    .limit(most * ROWS_A_WORK)
    .execute();
  const works = new Map<string, FirstRow>();
  const domains = new Map<string, number>();
  let large = 0;
  for (const { envelope_id, domain, octets, ...message } of rows) {
    const isLarge = octets >= LARGE_OCTETS;
    const work = stage === 'transmit' ? `${message.id} ${envelope_id} ${domain}` : message.id;
    const same = domains.get(domain) ?? 0;
    if (works.has(work) || works.size >= most || same >= roomFor(domain)) continue;
    if (isLarge && ++large > roomForLarge) continue;
    works.set(work, { message, isLarge, envelope_id, domain });
    domains.set(domain, same + 1);
  }
  if (works.size === 0) return [];
  return atomically(scope, async (inside) => {
    const claims: Claim[] = [];
    for (const work of works.values()) {
      const recipients = await leased(inside, work, options);
      const { message, isLarge } = work;
      if (recipients.length > 0) claims.push({ message, isLarge, recipients });
    }
    return claims;
  });
}

/** The first row of a work. */
type FirstRow = Omit<Claim, 'recipients'> & Pick<RecipientRow, 'envelope_id' | 'domain'>;

/** Takes the rows of a work that nobody else took meanwhile. */
async function leased(
  { db, tenant }: Scope,
  { message, envelope_id, domain }: FirstRow,
  { stage, now, owner, leaseMs }: ClaimOptions,
): Promise<RecipientRow[]> {
  const rows = await db
    .updateTable('recipient')
    .set({ lease_owner: owner, lease_until: now + leaseMs })
    .where('tenant', '=', tenant)
    .where('message_id', '=', message.id)
    .where('stage', '=', stage)
    // as an expression, so that the key is used and not the index of all that is due
    .where(sql`next_at + 0`, '<=', now)
    .where((is) => is.or([is('lease_until', 'is', null), is('lease_until', '<=', now)]))
    .$if(stage === 'transmit', (query) =>
      query.where('envelope_id', '=', envelope_id).where('domain', '=', domain),
    )
    .returningAll()
    .execute();
  return rows.sort(byAddress);
}

const byAddress = (a: RecipientRow, b: RecipientRow): number => (a.address < b.address ? -1 : 1);

/** Whether everything has left that the message of the row follows. */
const followsNothing = sql<boolean>`not exists (
  select 1 from message m join recipient earlier on earlier.tenant = m.tenant and earlier.message_id = m.follows
  where m.tenant = recipient.tenant and m.id = recipient.message_id and earlier.stage <> 'ended')`;

/** When there is something to do next: at each stage, when a lease runs out, when an outcome is missed. */
export interface Due {
  readonly open: number | null;
  readonly transmit: number | null;
  readonly prepare: number | null;
  readonly forward: number | null;
  readonly lease: number | null;
  readonly timer: number | null;
}

/** One statement, because it is asked after everything that happens. */
export async function nextDue({ db, tenant }: Scope): Promise<Due> {
  const first = (stage: string) => sql<number | null>`(
    select next_at from recipient
    where tenant = ${tenant} and stage = ${stage} and next_at is not null and lease_until is null
      ${stage === 'prepare' ? sql`and ${followsNothing}` : sql``}
    order by next_at limit 1)`;
  const earliest = (column: string) => sql<number | null>`(
    select min(${sql.ref(column)}) from recipient
    where tenant = ${tenant} and ${sql.ref(column)} is not null)`;
  const { rows } = await sql<Due>`select ${first('open')} as open, ${first('transmit')} as transmit,
    ${first('prepare')} as prepare, ${first('forward')} as forward, ${earliest('lease_until')} as lease, ${earliest('timer_at')} as timer`.execute(
    db,
  );
  return rows[0]!;
}

/** Frees the leases of one machine, whose names begin with `node/`: for its start, when nobody of it can be at work. */
export async function releaseLeases({ db, tenant }: Scope, node: string): Promise<void> {
  await db
    .updateTable('recipient')
    .set({ lease_owner: null, lease_until: null })
    .where('tenant', '=', tenant)
    .where('lease_owner', '>=', `${node}/`)
    .where('lease_owner', '<', `${node}0`)
    .execute();
}

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
  { db, tenant }: Scope,
  seen: Pick<RecipientRow, 'message_id' | 'address' | 'version'>,
  progress: Progress,
): Promise<boolean> {
  const worked = 'stage' in progress || 'next_at' in progress;
  const result = await db
    .updateTable('recipient')
    .set({
      ...progress,
      version: seen.version + 1,
      ...(worked ? { lease_owner: null, lease_until: null } : {}),
    })
    .where('tenant', '=', tenant)
    .where('message_id', '=', seen.message_id)
    .where('address', '=', seen.address)
    .where('version', '=', seen.version)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function messageOf({ db, tenant }: Scope, id: string): Promise<MessageRow | undefined> {
  return db
    .selectFrom('message')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst();
}

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
export async function recipientOf(
  { db, tenant }: Scope,
  messageId: string,
  address: string,
): Promise<RecipientRow | undefined> {
  return db
    .selectFrom('recipient')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('message_id', '=', messageId)
    .where('address', '=', address)
    .executeTakeFirst();
}

/** Recipients whose timer went off, most overdue first. */
export async function overdue({ db, tenant }: Scope, now: number): Promise<RecipientRow[]> {
  return db
    .selectFrom('recipient')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('timer_at', '<=', now)
    .orderBy('timer_at')
    .orderBy('message_id')
    .orderBy('address')
    .execute();
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
