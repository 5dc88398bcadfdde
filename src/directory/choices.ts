/**
 * What may be shown: decisions of persons about an address, an organization of a contributor, or a whole contributor.
 * The nearest decision counts. Addresses of patients are never published.
 *
 * @module
 */
import type { Directory } from './directory.ts';
import type { Entry } from './entries.ts';

export interface Choice {
  readonly subject: 'address' | 'organization' | 'contributor';
  /** The address; `contributor/ORG_UID`; the contributor's id. */
  readonly key: string;
  readonly choice: 'publish' | 'withhold';
  readonly by: string;
  readonly at: number;
  readonly reason: string;
}

export function choose({ handle, tenant, host }: Directory, choice: Omit<Choice, 'at'>): void {
  handle
    .prepare(
      `insert into directory_choice (tenant, subject, key, choice, "by", at, reason) values (?, ?, ?, ?, ?, ?, ?)
       on conflict (tenant, subject, key) do update set choice = excluded.choice, "by" = excluded."by", at = excluded.at, reason = excluded.reason`,
    )
    .run(
      tenant,
      choice.subject,
      choice.key.toLowerCase(),
      choice.choice,
      choice.by,
      host.now(),
      choice.reason,
    );
}

export function choices({ handle, tenant }: Directory): Choice[] {
  return handle
    .prepare('select * from directory_choice where tenant = ? order by subject, key')
    .all(tenant)
    .map((row) => ({
      subject: row['subject'] as Choice['subject'],
      key: String(row['key']),
      choice: row['choice'] as Choice['choice'],
      by: String(row['by']),
      at: Number(row['at']),
      reason: String(row['reason']),
    }));
}

/** Says of an entry whether it may be shown, as the choices are now. */
export function isPublished(directory: Directory): (entry: Entry) => boolean {
  const made = new Map(choices(directory).map((one) => [`${one.subject} ${one.key}`, one.choice]));
  return ({ record, contributor }) => {
    if (record.ADDRESS_TYPE.toLowerCase() === 'patient') return false;
    const nearest =
      made.get(`address ${record.DIRECT_ADDRESS}`) ??
      made.get(`organization ${contributor}/${record.ORG_UID}`.toLowerCase()) ??
      made.get(`contributor ${contributor}`);
    return nearest !== 'withhold';
  };
}
