/**
 * Counts of the directory: by state, HISP, kind and age.
 *
 * @module
 */
import { nextTurn } from '../net/turn.ts';
import { AT_REVISION, currentRevision, type Directory } from './directory.ts';
import { dayOf } from './record.ts';

export const REPORTS = ['state', 'hisp', 'kind', 'age'] as const;

export type ReportBy = (typeof REPORTS)[number];

export interface CountReport {
  readonly by: ReportBy;
  readonly revision: number;
  readonly entries: number;
  /** What is counted in each row. */
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly counts: readonly number[] }[];
}

const GROUP: Readonly<Record<Exclude<ReportBy, 'age'>, string>> = {
  state: `coalesce(nullif(l.org_state, ''), 'none')`,
  hisp: `coalesce(nullif(h.name, ''), 'none')`,
  kind: `case when r.address_type <> '' then lower(r.address_type)
    when coalesce(p.prov_last_name, '') = '' and coalesce(p.prov_npi, '') = '' then 'organisation' else 'person' end`,
};

const FROM = `from directory_role r join directory_endpoint e on e.n = r.endpoint
  join directory_operator h on h.n = r.operator
  left join directory_practitioner p on p.n = r.practitioner
  left join directory_location l on l.n = r.location
  where r.n > ? and r.n <= ? and r.tenant = ? and ${AT_REVISION}`;

/** Rows between two turns of others. */
const SLICE = 20_000;

/** @param at a revision; default what is shown */
export function countsBy(
  directory: Directory,
  by: ReportBy,
  at = currentRevision(directory),
): Promise<CountReport> {
  return by === 'age' ? ages(directory, at) : groups(directory, by, at);
}

async function groups(directory: Directory, by: Exclude<ReportBy, 'age'>, at: number): Promise<CountReport> {
  const found = new Map<string, [number, number, number, number]>();
  const select = directory.handle.prepare(
    `select ${GROUP[by]} as name, count(*) as entries, sum(coalesce(e.outcome, '') = 'verified') as verified,
     sum(e.failing_since is not null) as failing, sum(e.outcome is null) as never ${FROM} group by 1`,
  );
  await slices(directory, (from, to) => {
    for (const row of select.all(from, to, directory.tenant, at, at)) {
      const name = String(row['name']);
      const sum = found.get(name) ?? [0, 0, 0, 0];
      for (const [i, key] of ['entries', 'verified', 'failing', 'never'].entries())
        sum[i]! += Number(row[key]);
      found.set(name, sum);
    }
  });
  const rows = [...found].map(([name, counts]) => ({ name, counts }));
  rows.sort((a, b) => b.counts[0] - a.counts[0] || (a.name < b.name ? -1 : 1));
  return {
    by,
    revision: at,
    entries: rows.reduce((sum, { counts }) => sum + counts[0], 0),
    columns: ['Entries', 'Verified', 'Failing', 'Never verified'],
    rows,
  };
}

const DAY = 86_400_000;
const AGES: readonly (readonly [string, number])[] = [
  ['up to 7 days', 7],
  ['8 to 30 days', 30],
  ['31 to 90 days', 90],
  ['91 to 180 days', 180],
  ['181 to 365 days', 365],
  ['over a year', Number.POSITIVE_INFINITY],
];

async function ages(directory: Directory, at: number): Promise<CountReport> {
  const now = directory.host.now();
  const counts = [...AGES.map(() => [0, 0]), [0, 0]];
  const place = (moment: number | undefined): number => {
    if (moment === undefined) return AGES.length;
    const days = Math.floor((now - moment) / DAY);
    return AGES.findIndex(([, most]) => days <= most);
  };
  let entries = 0;
  const select = directory.handle.prepare(
    `select substr(r.last_updated, 1, 10) as updated, e.verified_at / ${DAY} as verified,
     substr(r.endpoint_verified_on, 1, 10) as said, count(*) as count ${FROM} group by 1, 2, 3`,
  );
  await slices(directory, (from, to) => {
    for (const row of select.all(from, to, directory.tenant, at, at)) {
      const count = Number(row['count']);
      const own = row['verified'] === null ? undefined : Number(row['verified']) * DAY;
      const said = dayOf(String(row['said']));
      const verified = own === undefined ? said : Math.max(own, said ?? 0);
      entries += count;
      counts[place(dayOf(String(row['updated'])))]![0]! += count;
      counts[place(verified)]![1]! += count;
    }
  });
  const names = [...AGES.map(([name]) => name), 'no date'];
  return {
    by: 'age',
    revision: at,
    entries,
    columns: ['Last updated', 'Last verified'],
    rows: names.map((name, i) => ({ name, counts: counts[i]! })),
  };
}

async function slices(
  { handle, tenant, host }: Directory,
  work: (from: number, to: number) => void,
): Promise<void> {
  const row = handle.prepare('select max(n) as last from directory_role where tenant = ?').get(tenant);
  const last = Number(row?.['last'] ?? 0);
  for (let from = 0; from < last; from += SLICE) {
    work(from, from + SLICE);
    await host.hold(nextTurn());
  }
}
