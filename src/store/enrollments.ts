/**
 * Requests to join: what was filled in, what happened, what was brought as evidence and what was checked.
 *
 * @module
 */
import type {
  EnrollmentCheck,
  EnrollmentEvent,
  EnrollmentRow,
  EnrollmentState,
  EvidenceRow,
} from './enrollment-schema.ts';
import { atomically, type Scope } from './scope.ts';
import { openBytes, type SealKey, sealBytes } from './seal.ts';

export async function putEnrollment({ db, tenant }: Scope, row: EnrollmentRow): Promise<void> {
  await db
    .insertInto('enrollment')
    .values({ ...row, tenant })
    .onConflict((conflict) => conflict.columns(['tenant', 'id']).doUpdateSet(row))
    .execute();
}

export async function enrollmentById({ db, tenant }: Scope, id: string): Promise<EnrollmentRow | undefined> {
  const row = await db
    .selectFrom('enrollment')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && bare(row);
}

/** The one whose applicant has the token with this SHA-256. */
export async function enrollmentByToken(
  { db, tenant }: Scope,
  digest: string,
): Promise<EnrollmentRow | undefined> {
  const row = await db
    .selectFrom('enrollment')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('token_digest', '=', digest)
    .executeTakeFirst();
  return row && bare(row);
}

/** Those in one of the states, the one that changed last first. */
export async function listEnrollments(
  { db, tenant }: Scope,
  states: readonly EnrollmentState[],
  limit = 1000,
): Promise<EnrollmentRow[]> {
  if (states.length === 0) return [];
  const rows = await db
    .selectFrom('enrollment')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('state', 'in', [...states])
    .orderBy('changed_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(bare);
}

/** Removes requests in these states that nobody touched since `before`, with everything that belongs to them. */
export async function purgeEnrollments(
  scope: Scope,
  states: readonly EnrollmentState[],
  before: number,
): Promise<number> {
  return atomically(scope, async ({ db, tenant }) => {
    const old = await db
      .selectFrom('enrollment')
      .select('id')
      .where('tenant', '=', tenant)
      .where('state', 'in', [...states])
      .where('changed_at', '<', before)
      .execute();
    for (const { id } of old) {
      for (const table of ['enrollment_event', 'enrollment_evidence', 'enrollment_check'] as const) {
        await db.deleteFrom(table).where('tenant', '=', tenant).where('enrollment', '=', id).execute();
      }
      await db.deleteFrom('enrollment').where('tenant', '=', tenant).where('id', '=', id).execute();
    }
    return old.length;
  });
}

/** Writes down what happened; numbers count up. Within the transaction that does it. */
export async function addEnrollmentEvent(
  { db, tenant }: Scope,
  event: Omit<EnrollmentEvent, 'n'>,
): Promise<void> {
  const last = await db
    .selectFrom('enrollment_event')
    .select((eb) => eb.fn.max('n').as('n'))
    .where('tenant', '=', tenant)
    .where('enrollment', '=', event.enrollment)
    .executeTakeFirst();
  await db
    .insertInto('enrollment_event')
    .values({ ...event, tenant, n: Number(last?.n ?? 0) + 1 })
    .execute();
}

/** The oldest first. */
export async function enrollmentEvents(
  { db, tenant }: Scope,
  enrollment: string,
): Promise<EnrollmentEvent[]> {
  const rows = await db
    .selectFrom('enrollment_event')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('enrollment', '=', enrollment)
    .orderBy('n')
    .execute();
  return rows.map(bare);
}

export async function listEvidence({ db, tenant }: Scope, enrollment: string): Promise<EvidenceRow[]> {
  return db
    .selectFrom('enrollment_evidence')
    .select(['enrollment', 'n', 'name', 'type', 'size', 'sha256', 'at'])
    .where('tenant', '=', tenant)
    .where('enrollment', '=', enrollment)
    .orderBy('n')
    .execute();
}

/** Under which name a file of evidence is sealed. */
const sealedName = (tenant: string, enrollment: string, n: number): string =>
  `${tenant}/evidence/${enrollment}/${n}`;

/** Keeps a file, sealed; the number counts up within the request. Within a transaction. */
export async function putEvidence(
  { db, tenant }: Scope,
  seal: SealKey,
  { bytes, ...row }: Omit<EvidenceRow, 'n' | 'size'> & { readonly bytes: Uint8Array },
): Promise<EvidenceRow> {
  const n = ((await listEvidence({ db, tenant }, row.enrollment)).at(-1)?.n ?? 0) + 1;
  const kept = { ...row, n, size: bytes.length };
  const sealed = sealBytes(seal, sealedName(tenant, row.enrollment, n), bytes);
  await db
    .insertInto('enrollment_evidence')
    .values({ ...kept, tenant, sealed })
    .execute();
  return kept;
}

/** A file as it came. @throws {Error} when it does not open */
export async function readEvidence(
  { db, tenant }: Scope,
  seal: SealKey,
  enrollment: string,
  n: number,
): Promise<{ readonly row: EvidenceRow; readonly bytes: Uint8Array } | undefined> {
  const found = await db
    .selectFrom('enrollment_evidence')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('enrollment', '=', enrollment)
    .where('n', '=', n)
    .executeTakeFirst();
  if (!found) return undefined;
  const { sealed, tenant: _, ...row } = found;
  return { row, bytes: openBytes(seal, sealedName(tenant, enrollment, n), sealed) };
}

/** Notes that an item of the checklist was checked; coming again changes it. */
export async function putCheck({ db, tenant }: Scope, row: EnrollmentCheck): Promise<void> {
  await db
    .insertInto('enrollment_check')
    .values({ ...row, tenant })
    .onConflict((conflict) => conflict.columns(['tenant', 'enrollment', 'item']).doUpdateSet(row))
    .execute();
}

export async function dropCheck({ db, tenant }: Scope, enrollment: string, item: string): Promise<void> {
  await db
    .deleteFrom('enrollment_check')
    .where('tenant', '=', tenant)
    .where('enrollment', '=', enrollment)
    .where('item', '=', item)
    .execute();
}

export async function listChecks({ db, tenant }: Scope, enrollment: string): Promise<EnrollmentCheck[]> {
  const rows = await db
    .selectFrom('enrollment_check')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('enrollment', '=', enrollment)
    .execute();
  return rows.map(bare);
}

/** What is published of an organization beside its name: JSON. */
export async function putOrganizationDetail(
  { db, tenant }: Scope,
  organization: string,
  detail: unknown,
  changed_at: number,
): Promise<void> {
  const row = { detail: JSON.stringify(detail), changed_at };
  await db
    .insertInto('organization_detail')
    .values({ ...row, organization, tenant })
    .onConflict((conflict) => conflict.columns(['tenant', 'organization']).doUpdateSet(row))
    .execute();
}

export async function readOrganizationDetail({ db, tenant }: Scope, organization: string): Promise<unknown> {
  const row = await db
    .selectFrom('organization_detail')
    .select('detail')
    .where('tenant', '=', tenant)
    .where('organization', '=', organization)
    .executeTakeFirst();
  return row && JSON.parse(row.detail);
}

/** Seals every text and file of every tenant anew, within the transaction of a change of the sealing key. @returns how many */
export async function resealEnrollments(db: Scope['db'], seal: SealKey): Promise<number> {
  return atomically({ db, tenant: '' }, async (inside) => {
    const files = await inside.db
      .selectFrom('enrollment_evidence')
      .select(['tenant', 'enrollment', 'n', 'sealed'])
      .execute();
    for (const { tenant, enrollment, n, sealed } of files) {
      const name = sealedName(tenant, enrollment, n);
      await inside.db
        .updateTable('enrollment_evidence')
        .set({ sealed: sealBytes(seal, name, openBytes(seal, name, sealed)) })
        .where('tenant', '=', tenant)
        .where('enrollment', '=', enrollment)
        .where('n', '=', n)
        .execute();
    }
    let count = files.length;
    const again = (tenant: string, digest: string, sealed: string): string | undefined => {
      const token = openToken(seal, tenant, digest, sealed);
      return token === undefined ? undefined : sealToken(seal, tenant, digest, token);
    };
    const requests = await inside.db
      .selectFrom('enrollment')
      .select(['tenant', 'token_digest', 'token'])
      .execute();
    for (const row of requests) {
      const token = again(row.tenant, row.token_digest, row.token);
      if (token === undefined) continue;
      const update = inside.db.updateTable('enrollment').set({ token }).where('tenant', '=', row.tenant);
      await update.where('token_digest', '=', row.token_digest).execute();
      count++;
    }
    const links = await inside.db.selectFrom('password_link').select(['tenant', 'digest', 'token']).execute();
    for (const row of links) {
      const token = again(row.tenant, row.digest, row.token);
      if (token === undefined) continue;
      const update = inside.db.updateTable('password_link').set({ token }).where('tenant', '=', row.tenant);
      await update.where('digest', '=', row.digest).execute();
      count++;
    }
    return count;
  });
}

/** A token that its owner may have to be shown again, sealed, as text. */
export const sealToken = (seal: SealKey, tenant: string, digest: string, token: string): string =>
  Buffer.from(sealBytes(seal, `${tenant}/token/${digest}`, Buffer.from(token))).toString('base64');

/** Undefined for one that is gone: the empty text. @throws {Error} when it does not open */
export const openToken = (
  seal: SealKey,
  tenant: string,
  digest: string,
  sealed: string,
): string | undefined =>
  sealed === ''
    ? undefined
    : Buffer.from(openBytes(seal, `${tenant}/token/${digest}`, Buffer.from(sealed, 'base64'))).toString();

function bare<T extends { tenant: string }>({ tenant: _, ...row }: T): Omit<T, 'tenant'> {
  return row;
}
