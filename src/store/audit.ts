/**
 * The audit log: every entry carries the hash of the one before it, so that nothing can be changed or taken out of
 * the middle unseen. Whoever writes the head down elsewhere sees a cut end as well.
 *
 * @module
 */
import { sha256Hex } from './blobs.ts';
import { atomically, type Scope } from './scope.ts';
import type { AuditEntry } from './tenancy-schema.ts';

export interface AuditEvent {
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly organization: string | null;
  /** Never a secret, never the content of a message. */
  readonly detail: unknown;
}

/** What the first entry names as the one before it. */
export const AUDIT_START = '0'.repeat(64);

/** Writes an event down, in the transaction that does it. */
export function writeAudit(scope: Scope, event: AuditEvent): Promise<void> {
  return atomically(scope, async ({ db, tenant }) => {
    const last = await db
      .selectFrom('audit')
      .select(['n', 'hash'])
      .where('tenant', '=', tenant)
      .orderBy('n', 'desc')
      .limit(1)
      .executeTakeFirst();
    const entry = {
      ...event,
      detail: JSON.stringify(event.detail ?? null),
      n: (last?.n ?? 0) + 1,
      previous: last?.hash ?? AUDIT_START,
    };
    await db
      .insertInto('audit')
      .values({ ...entry, tenant, hash: hashOf(tenant, entry) })
      .execute();
  });
}

/** A list, so that no two entries can have the same octets. */
const hashOf = (tenant: string, entry: Omit<AuditEntry, 'hash'>): string =>
  sha256Hex(
    JSON.stringify([
      tenant,
      entry.n,
      entry.at,
      entry.actor,
      entry.action,
      entry.subject,
      entry.organization,
      entry.detail,
      entry.previous,
    ]),
  );

export interface AuditPage {
  /** Only entries about this organization. */
  readonly organization?: string;
  /** Only entries before this number. */
  readonly before?: number;
  readonly limit: number;
}

/** The newest first. */
export async function readAudit({ db, tenant }: Scope, page: AuditPage): Promise<AuditEntry[]> {
  let query = db
    .selectFrom('audit')
    .select(['n', 'at', 'actor', 'action', 'subject', 'organization', 'detail', 'previous', 'hash'])
    .where('tenant', '=', tenant);
  if (page.organization !== undefined) query = query.where('organization', '=', page.organization);
  if (page.before !== undefined) query = query.where('n', '<', page.before);
  return query.orderBy('n', 'desc').limit(page.limit).execute();
}

export type AuditVerdict =
  | { readonly ok: true; readonly entries: number; readonly head: string }
  /** `n`: the first entry that does not follow from those before it. */
  | { readonly ok: false; readonly n: number; readonly why: string };

const CHUNK = 1000;

/** Follows the chain from its start. */
export async function verifyAudit({ db, tenant }: Scope): Promise<AuditVerdict> {
  let n = 0;
  let head = AUDIT_START;
  for (;;) {
    const rows = await db
      .selectFrom('audit')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('n', '>', n)
      .orderBy('n')
      .limit(CHUNK)
      .execute();
    for (const row of rows) {
      if (row.n !== n + 1) return { ok: false, n: n + 1, why: `entry ${n + 1} is missing` };
      if (row.previous !== head) {
        return { ok: false, n: row.n, why: `entry ${row.n} does not follow entry ${n}` };
      }
      if (row.hash !== hashOf(tenant, row)) return { ok: false, n: row.n, why: `entry ${row.n} was changed` };
      n = row.n;
      head = row.hash;
    }
    if (rows.length < CHUNK) return { ok: true, entries: n, head };
  }
}
