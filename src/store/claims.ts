/**
 * Whose turn it is. A recipient that is due is claimed by a lease before anybody works on it. A lease that ran out (its
 * owner died) is free again; the work is then done once more, never lost.
 *
 * @module
 */
import { sql } from 'kysely';
import { firstOf, prepared, rowsOf } from './prepared.ts';
import { byAddress, type Claim, LARGE_OCTETS } from './queue.ts';
import type { Db, RecipientRow, Stage } from './schema.ts';
import { atomically, type Scope } from './scope.ts';

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

/** SQLite knows it without reading them. */
const octets = sql<number>`length(blob.bytes)`;

/** Rows looked at for each work that is wanted: a message may have several recipients. */
const ROWS_A_WORK = 4;

/**
 * Takes the work that is due longest, in one transaction; none when there is none. A message waits for the one that it
 * follows.
 */
export async function claim(scope: Scope, options: ClaimOptions): Promise<Claim[]> {
  const { stage, now, most, roomFor = () => most, roomForLarge = most } = options;
  const free = await dueRows(scope, options, 'free');
  // seldom: whoever had them died
  const left = (await firstOf(expired(scope, { now }))) ? await dueRows(scope, options, 'expired') : [];
  const rows = left.length === 0 ? free : [...free, ...left].sort((a, b) => a.next_at! - b.next_at!);
  const works = new Map<string, FirstRow>();
  const domains = new Map<string, number>();
  let large = 0;
  for (const { envelope_id, domain, octets, next_at: _, ...message } of rows) {
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

/** Two looks, because each has an index of its own. */
function dueRows(
  { db, tenant }: Scope,
  { stage, now, most, notDomains = [], roomForLarge = most }: ClaimOptions,
  lease: 'free' | 'expired',
) {
  return (
    db
      .selectFrom('recipient')
      .innerJoin('message', (join) =>
        join
          .onRef('message.tenant', '=', 'recipient.tenant')
          .onRef('message.id', '=', 'recipient.message_id'),
      )
      .innerJoin('blob', (join) =>
        join.onRef('blob.tenant', '=', 'message.tenant').onRef('blob.sha256', '=', 'message.bytes_sha256'),
      )
      .selectAll('message')
      .select(['recipient.envelope_id', 'recipient.domain', 'recipient.next_at', octets.as('octets')])
      .where('recipient.tenant', '=', tenant)
      .where('stage', '=', stage)
      .where('next_at', '<=', now)
      // each as its index says it
      .$if(lease === 'free', (query) =>
        query.where('next_at', '>', sql.lit(0)).where('lease_until', 'is', null),
      )
      .$if(lease === 'expired', (query) =>
        query.where('lease_until', '>', sql.lit(0)).where('lease_until', '<=', now),
      )
      .$if(roomForLarge === 0, (query) => query.where(octets, '<', LARGE_OCTETS))
      .$if(notDomains.length > 0, (query) => query.where('domain', 'not in', [...notDomains]))
      // only what we say ourselves follows something, and only its preparing waits
      .$if(stage === 'prepare', (query) => query.where(followsNothing))
      .orderBy('next_at')
      .limit(most * ROWS_A_WORK)
      .execute()
  );
}

/** The first row of a work. */
type FirstRow = Omit<Claim, 'recipients'> & Pick<RecipientRow, 'envelope_id' | 'domain'>;

/** Takes the rows of a work that nobody else took meanwhile. */
async function leased(
  scope: Scope,
  { message, envelope_id, domain }: FirstRow,
  { stage, now, owner, leaseMs }: ClaimOptions,
): Promise<RecipientRow[]> {
  const lease = { message_id: message.id, now, owner, until: now + leaseMs };
  const rows = await rowsOf(
    stage === 'transmit'
      ? leaseOfDomain(scope, { ...lease, envelope_id: envelope_id ?? '', domain })
      : leaseOfStage(scope, { ...lease, stage }),
  );
  return [...rows].sort(byAddress);
}

interface NewLease {
  readonly tenant: string;
  readonly message_id: string;
  readonly now: number;
  readonly owner: string;
  readonly until: number;
}

const leaseOfStage = prepared((db, p: NewLease & { readonly stage: Stage }) =>
  leaseOf(db, p).where('stage', '=', p.stage).returningAll().compile(),
);

const leaseOfDomain = prepared(
  (db, p: NewLease & { readonly envelope_id: string; readonly domain: string }) =>
    leaseOf(db, p)
      .where('stage', '=', 'transmit')
      .where('envelope_id', '=', p.envelope_id)
      .where('domain', '=', p.domain)
      .returningAll()
      .compile(),
);

const leaseOf = (db: Db, p: NewLease) =>
  db
    .updateTable('recipient')
    .set({ lease_owner: p.owner, lease_until: p.until })
    .where('tenant', '=', p.tenant)
    .where('message_id', '=', p.message_id)
    // as an expression, so that the key is used and not the index of all that is due
    .where(sql`next_at + 0`, '<=', p.now)
    .where((is) => is.or([is('lease_until', 'is', null), is('lease_until', '<=', p.now)]));

/** A lease that ran out. */
const expired = prepared((db, p: { tenant: string; now: number }) =>
  db
    .selectFrom('recipient')
    .select('message_id')
    .where('tenant', '=', p.tenant)
    .where('lease_until', '>', sql.lit(0))
    .where('lease_until', '<=', p.now)
    .limit(1)
    .compile(),
);

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

/** One statement, because it is asked again and again. */
export async function nextDue(scope: Scope): Promise<Due> {
  return (await firstOf(selectDue(scope, {})))!;
}

const selectDue = prepared((db, p: { tenant: string }) => {
  // SQLite prepares a query with an order anew for each value that a column is compared with, but not for an expression
  const tenant = sql`cast(${p.tenant} as text)`;
  const first = (stage: string) => sql<number | null>`(
    select next_at from recipient
    where tenant = ${tenant} and stage = ${sql.lit(stage)} and next_at > 0 and lease_until is null
      ${stage === 'prepare' ? sql`and ${followsNothing}` : sql``}
    order by next_at limit 1)`;
  const earliest = (column: string) => sql<number | null>`(
    select min(${sql.ref(column)}) from recipient
    where tenant = ${tenant} and ${sql.ref(column)} > 0)`;
  return sql<Due>`select ${first('open')} as open, ${first('transmit')} as transmit,
    ${first('prepare')} as prepare, ${first('forward')} as forward, ${earliest('lease_until')} as lease, ${earliest('timer_at')} as timer`.compile(
    db,
  );
});

/** Frees the leases of one machine, whose names begin with `node/`: for its start, when nobody of it can be at work. */
export async function releaseLeases({ db, tenant }: Scope, node: string): Promise<void> {
  await db
    .updateTable('recipient')
    .set({ lease_owner: null, lease_until: null })
    .where('tenant', '=', tenant)
    .where('lease_until', '>', sql.lit(0))
    .where('lease_owner', '>=', `${node}/`)
    .where('lease_owner', '<', `${node}0`)
    .execute();
}
