/**
 * Whose turn it is. A recipient that is due is claimed by a lease before anybody works on it. A lease that ran out (its
 * owner died) is free again; the work is then done once more, never lost.
 *
 * @module
 */
import { sql } from 'kysely';
import { firstOf, prepared } from './prepared.ts';
import { byAddress, type Claim, LARGE_OCTETS } from './queue.ts';
import type { RecipientRow, Stage } from './schema.ts';
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

const selectDue = prepared((db, { tenant }: { tenant: string }) => {
  const first = (stage: string) => sql<number | null>`(
    select next_at from recipient
    where tenant = ${tenant} and stage = ${stage} and next_at is not null and lease_until is null
      ${stage === 'prepare' ? sql`and ${followsNothing}` : sql``}
    order by next_at limit 1)`;
  const earliest = (column: string) => sql<number | null>`(
    select min(${sql.ref(column)}) from recipient
    where tenant = ${tenant} and ${sql.ref(column)} is not null)`;
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
    .where('lease_owner', '>=', `${node}/`)
    .where('lease_owner', '<', `${node}0`)
    .execute();
}
