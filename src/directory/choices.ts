/**
 * Who may see what: decisions of persons about an address, an organization of a contributor, or a whole contributor.
 * The nearest decision counts; without one, participants see the entry. Addresses of patients are never shown, nor are
 * those that could not be verified for long (`standing.ts`).
 *
 * @module
 */
import type { SqlRow, SqlValue } from '../store/handle.ts';
import type { Directory } from './directory.ts';
import type { Entry } from './entries.ts';
import { isOfPatient, NOT_OF_PATIENT } from './patient.ts';
import { HIDDEN_AFTER, NOT_HIDDEN, standingOf } from './standing.ts';

/** Everybody; HISPs that participate, and their members; nobody. */
export const VISIBILITIES = ['public', 'participants', 'never'] as const;

export type Visibility = (typeof VISIBILITIES)[number];

export interface Choice {
  readonly subject: 'address' | 'organization' | 'contributor';
  /** The address; `contributor/ORG_UID`; the contributor's id. */
  readonly key: string;
  readonly choice: Visibility;
  readonly by: string;
  readonly at: number;
  readonly reason: string;
}

/** As SQLite's lower() does it, so that both compare alike. */
const lower = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

export function choose({ handle, tenant, host }: Directory, choice: Omit<Choice, 'at'>): void {
  handle
    .prepare(
      `insert into directory_choice (tenant, subject, key, choice, "by", at, reason) values (?, ?, ?, ?, ?, ?, ?)
       on conflict (tenant, subject, key) do update set choice = excluded.choice, "by" = excluded."by", at = excluded.at, reason = excluded.reason`,
    )
    .run(tenant, choice.subject, lower(choice.key), choice.choice, choice.by, host.now(), choice.reason);
}

/** Takes a choice back, so that the next nearest counts. */
export function unchoose({ handle, tenant }: Directory, subject: Choice['subject'], key: string): void {
  handle
    .prepare('delete from directory_choice where tenant = ? and subject = ? and key = ?')
    .run(tenant, subject, lower(key));
}

export function choices({ handle, tenant }: Directory): Choice[] {
  return handle
    .prepare('select * from directory_choice where tenant = ? order by subject, key')
    .all(tenant)
    .map(choiceIn);
}

/** The choice that was made of exactly this. */
export function choiceOf(
  { handle, tenant }: Directory,
  subject: Choice['subject'],
  key: string,
): Choice | undefined {
  const row = handle
    .prepare('select * from directory_choice where tenant = ? and subject = ? and key = ?')
    .get(tenant, subject, lower(key));
  return row && choiceIn(row);
}

const choiceIn = (row: SqlRow): Choice => ({
  subject: row['subject'] as Choice['subject'],
  key: String(row['key']),
  choice: row['choice'] as Visibility,
  by: String(row['by']),
  at: Number(row['at']),
  reason: String(row['reason']),
});

/** Says of an entry who may see it. Choices that are made later are heard of. */
export function visibilityOf({ handle, tenant, host }: Directory): (entry: Entry) => Visibility {
  const find = handle.prepare(
    'select choice from directory_choice where tenant = ? and subject = ? and key = ?',
  );
  const chosen = (subject: Choice['subject'], key: string): Visibility | undefined =>
    find.get(tenant, subject, lower(key))?.['choice'] as Visibility | undefined;
  return (entry) => {
    const { record, contributor } = entry;
    if (isOfPatient(entry)) return 'never';
    if (standingOf(entry, host.now()).state === 'hidden') return 'never';
    return (
      chosen('address', record.DIRECT_ADDRESS) ??
      (record.ORG_UID === '' ? undefined : chosen('organization', `${contributor}/${record.ORG_UID}`)) ??
      chosen('contributor', contributor) ??
      'participants'
    );
  };
}

/** Says of an entry whether participants see it, which is what publications hold. */
export function isPublished(directory: Directory): (entry: Entry) => boolean {
  const visibility = visibilityOf(directory);
  return (entry) => visibility(entry) !== 'never';
}

/** A condition on `r`, `e`, `o` and `c` of `SELECT_ENTRY`, with its values. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

const KEYS: Readonly<Record<Choice['subject'], string>> = {
  address: 'e.address',
  organization: "case when o.org_uid like '~%' then null else lower(c.id || '/' || o.org_uid) end",
  contributor: 'c.id',
};

/** What `visibilityOf` says, for the database: entries that `who` sees. */
export function seenBy({ handle, tenant, host }: Directory, who: 'public' | 'participants'): Condition {
  const made = new Set(
    handle
      .prepare('select distinct subject from directory_choice where tenant = ?')
      .all(tenant)
      .map((row) => String(row['subject'])),
  );
  const subjects = (['address', 'organization', 'contributor'] as const).filter((one) => made.has(one));
  // nothing is asked of the table where nobody chose anything
  if (subjects.length === 0 && who === 'public') return { sql: '0', values: [] };
  const nearest = subjects.map(
    (subject) =>
      `(select choice from directory_choice where tenant = ? and subject = '${subject}' and key = ${KEYS[subject]})`,
  );
  const choice = subjects.length === 0 ? '' : `coalesce(${[...nearest, "'participants'"].join(', ')})`;
  const wanted =
    choice === '' ? '' : who === 'public' ? ` and ${choice} = 'public'` : ` and ${choice} <> 'never'`;
  return {
    sql: `${NOT_OF_PATIENT}${wanted} and ${NOT_HIDDEN}`,
    values: [...subjects.map(() => tenant), host.now() - HIDDEN_AFTER],
  };
}
