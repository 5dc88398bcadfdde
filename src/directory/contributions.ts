/**
 * Contributions as they are kept: what came, from whom, what became of it.
 *
 * @module
 */
import type { SqlRow } from '../store/handle.ts';
import { contributors, type Directory } from './directory.ts';
import { DirectoryError } from './error.ts';
import type { Fault } from './read/item.ts';

export interface Counts {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly removed: number;
  readonly errors: number;
  readonly warnings: number;
}

export const NO_COUNTS: Counts = { added: 0, changed: 0, unchanged: 0, removed: 0, errors: 0, warnings: 0 };

export type ContributionState =
  | 'loading'
  | 'waiting'
  | 'applying'
  | 'sweeping'
  | 'applied'
  | 'refused'
  | 'undone';

export type ContributionKind = 'whole' | 'incremental' | 'undo';

export interface Contribution {
  readonly id: number;
  readonly contributor: string;
  readonly kind: ContributionKind;
  readonly state: ContributionState;
  readonly source: string;
  readonly format: string;
  readonly sha256: string;
  readonly by: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** Since when its rows count. */
  readonly revision: number | null;
  /** Records that are dealt with. */
  readonly checkpoint: number;
  readonly counts: Counts;
  readonly undoes: number | null;
  readonly reason: string | null;
}

/** A fault that is kept with its contribution. */
export interface Finding extends Fault {
  readonly level: 'error' | 'warning';
}

/** Findings that are kept of one contribution; the rest is counted. */
export const MAX_FINDINGS = 10_000;

const SELECT = `select x.*, c.id as contributor_id from directory_contribution x
  join directory_contributor c on c.n = x.contributor`;

function contributionOf(row: SqlRow): Contribution {
  const whole = (value: SqlRow[string] | undefined): number | null =>
    value === null || value === undefined ? null : Number(value);
  return {
    id: Number(row['id']),
    contributor: String(row['contributor_id']),
    kind: row['kind'] as ContributionKind,
    state: row['state'] as ContributionState,
    source: String(row['source']),
    format: String(row['format']),
    sha256: String(row['sha256']),
    by: String(row['by']),
    startedAt: Number(row['started_at']),
    endedAt: whole(row['ended_at']),
    revision: whole(row['revision']),
    checkpoint: Number(row['checkpoint']),
    counts: JSON.parse(String(row['counts'])) as Counts,
    undoes: whole(row['undoes']),
    reason: row['reason'] === null ? null : String(row['reason']),
  };
}

/** All contributions, newest first. */
export function history({ handle, tenant }: Directory, limit = 1000): Contribution[] {
  return handle
    .prepare(`${SELECT} where x.tenant = ? order by x.id desc limit ?`)
    .all(tenant, limit)
    .map(contributionOf);
}

/** @throws {DirectoryError} `unknown` */
export function contribution({ handle, tenant }: Directory, id: number): Contribution {
  const row = handle.prepare(`${SELECT} where x.tenant = ? and x.id = ?`).get(tenant, id);
  if (!row) throw new DirectoryError('unknown', `there is no contribution ${id}`);
  return contributionOf(row);
}

/** The one that is under way, or was when the process ended. */
export function applying(directory: Directory): Contribution | undefined {
  const row = directory.handle
    .prepare('select applying from directory_state where tenant = ?')
    .get(directory.tenant);
  const id = row?.['applying'];
  return id === null || id === undefined ? undefined : contribution(directory, Number(id));
}

/** The report of a contribution: each record that was found wrong. */
export function findings({ handle, tenant }: Directory, id: number, limit = MAX_FINDINGS): Finding[] {
  return handle
    .prepare('select * from directory_finding where tenant = ? and contribution = ? order by n limit ?')
    .all(tenant, id, limit)
    .map((row) => ({
      line: Number(row['line']),
      column: String(row['column']),
      level: row['level'] as Finding['level'],
      found: String(row['found']),
      expected: String(row['expected']),
    }));
}

export interface NewContribution {
  readonly contributor: string;
  readonly kind: ContributionKind;
  readonly state: ContributionState;
  readonly source: string;
  readonly format: string;
  readonly sha256: string;
  readonly by: string;
  readonly undoes?: number;
}

export function createContribution(directory: Directory, fresh: NewContribution): Contribution {
  const { handle, tenant, host } = directory;
  const contributor = contributors(directory).find(({ id }) => id === fresh.contributor);
  if (!contributor) {
    throw new DirectoryError('unknown', `there is no contributor "${fresh.contributor}"`, {
      hint: `There are ${
        contributors(directory)
          .map(({ id }) => id)
          .join(', ') || 'none yet'
      }.`,
    });
  }
  const row = handle
    .prepare('select coalesce(max(id), 0) + 1 as id from directory_contribution where tenant = ?')
    .get(tenant);
  const id = Number(row!['id']);
  handle
    .prepare(
      `insert into directory_contribution (tenant, id, contributor, kind, state, source, format, sha256, "by", started_at, checkpoint, counts, undoes)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`,
    )
    .run(
      tenant,
      id,
      contributor.n,
      fresh.kind,
      fresh.state,
      fresh.source,
      fresh.format,
      fresh.sha256,
      fresh.by,
      host.now(),
      JSON.stringify(NO_COUNTS),
      fresh.undoes ?? null,
    );
  return contribution(directory, id);
}

export interface ContributionChange {
  readonly state?: ContributionState;
  readonly endedAt?: number;
  readonly revision?: number;
  readonly checkpoint?: number;
  readonly counts?: Counts;
  readonly reason?: string;
}

export function changeContribution(
  { handle, tenant }: Directory,
  id: number,
  change: ContributionChange,
): void {
  handle
    .prepare(
      `update directory_contribution set state = coalesce(?, state), ended_at = coalesce(?, ended_at),
       revision = coalesce(?, revision), checkpoint = coalesce(?, checkpoint), counts = coalesce(?, counts),
       reason = coalesce(?, reason) where tenant = ? and id = ?`,
    )
    .run(
      change.state ?? null,
      change.endedAt ?? null,
      change.revision ?? null,
      change.checkpoint ?? null,
      change.counts ? JSON.stringify(change.counts) : null,
      change.reason ?? null,
      tenant,
      id,
    );
}

/** Adds to the report, up to the limit; `already` findings are in it. */
export function addFindings(
  { handle, tenant }: Directory,
  id: number,
  already: number,
  found: readonly Finding[],
): void {
  const insert = handle.prepare(
    `insert into directory_finding (tenant, contribution, n, line, "column", level, found, expected) values (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const [i, finding] of found.slice(0, Math.max(0, MAX_FINDINGS - already)).entries()) {
    const { line, column, level, expected } = finding;
    insert.run(tenant, id, already + i + 1, line, column, level, finding.found, expected);
  }
}
