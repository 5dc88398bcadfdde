/**
 * Runs the compliance checks over a publication: exact counts by check and by group, and the rows for the files.
 *
 * @module
 */
import { nextTurn } from '../../net/turn.ts';
import { AT_REVISION, contributors, currentRevision, type Directory } from '../directory.ts';
import { type Entry, entries, lookUp } from '../entries.ts';
import { DirectoryError } from '../error.ts';
import { npiTypes } from '../npi-types.ts';
import { snapshot } from '../snapshots.ts';
import type { CertificateFacts } from './facts.ts';
import { COMPLIANCE_RULES } from './index.ts';
import { type CheckContext, type ComplianceRule, reason } from './rule.ts';

export type Grouping = 'state' | 'hisp';

export interface CheckOptions {
  /** A publication; default what is shown today. */
  readonly day?: string;
  /** Codes; default all. */
  readonly codes?: readonly string[];
  /** Default `state`. */
  readonly by?: Grouping;
  /** Default 90 and 365. */
  readonly verifiedDays?: number;
  readonly updatedDays?: number;
  /** Hears of each entry that fails a check. */
  readonly onFailure?: (failure: Failure) => void;
  readonly onProgress?: (entries: number) => void;
}

export interface Failure {
  readonly code: string;
  /** State or HISP; `none` where the entry has none. */
  readonly group: string;
  readonly reason: string;
  readonly entry: Entry;
}

export interface CheckReport {
  readonly schema: 1;
  /** Publication, or today. */
  readonly day: string;
  readonly revision: number;
  readonly by: Grouping;
  readonly entries: number;
  /** Entries without any failure. */
  readonly clean: number;
  /** Entries that discovery was not asked about, or that nobody could tell: the certificate checks say nothing of them. */
  readonly undiscovered: number;
  readonly checks: readonly { readonly code: string; readonly category: string; readonly failures: number }[];
  readonly groups: readonly {
    readonly group: string;
    readonly entries: number;
    readonly failures: Readonly<Record<string, number>>;
  }[];
}

/** Entries between two turns of others. */
const SLICE = 1000;

/** @throws {DirectoryError} `unknown`: a check or a publication that there is not */
export async function runChecks(directory: Directory, options: CheckOptions = {}): Promise<CheckReport> {
  const { host } = directory;
  const { by = 'state', onFailure, onProgress } = options;
  const day = options.day ?? new Date(host.now()).toISOString().slice(0, 10);
  const revision = options.day ? snapshot(directory, options.day).revision : currentRevision(directory);
  const rules = chosen(options.codes);
  const context = contextOf(
    directory,
    revision,
    Date.parse(`${day}T00:00:00Z`),
    options,
    shared(directory, revision),
  );
  const totals = new Map(rules.map(({ code }) => [code, 0]));
  const groups = new Map<string, { entries: number; failures: Record<string, number> }>();
  let count = 0;
  let clean = 0;
  let undiscovered = 0;
  for (const entry of entries(directory, { at: revision })) {
    const group = (by === 'state' ? entry.record.ORG_STATE : entry.record.HISP_OPERATOR) || 'none';
    const counted = groups.get(group) ?? { entries: 0, failures: {} };
    groups.set(group, counted);
    counted.entries += 1;
    count += 1;
    const facts = context.factsOf(entry);
    if (!facts || facts.outcome === 'temporary') undiscovered += 1;
    let failed = false;
    for (const rule of rules) {
      const faults = rule.check(entry, context);
      if (faults.length === 0) continue;
      failed = true;
      totals.set(rule.code, totals.get(rule.code)! + 1);
      counted.failures[rule.code] = (counted.failures[rule.code] ?? 0) + 1;
      onFailure?.({ code: rule.code, group, reason: reason(faults), entry });
    }
    if (!failed) clean += 1;
    if (count % SLICE === 0) {
      onProgress?.(count);
      await host.hold(nextTurn());
    }
  }
  return {
    schema: 1,
    day,
    revision,
    by,
    entries: count,
    clean,
    undiscovered,
    checks: rules.map(({ code, category }) => ({ code, category, failures: totals.get(code)! })),
    groups: [...groups]
      .map(([group, counted]) => ({ group, ...counted }))
      .sort((a, b) => (a.group < b.group ? -1 : 1)),
  };
}

function chosen(codes: readonly string[] | undefined): readonly ComplianceRule[] {
  if (!codes) return COMPLIANCE_RULES;
  const known = new Map(COMPLIANCE_RULES.map((rule) => [rule.code, rule]));
  return codes.map((code) => {
    const rule = known.get(code.toUpperCase());
    if (rule) return rule;
    throw new DirectoryError('unknown', `there is no check "${code}"`, {
      hint: `There are ${[...known.keys()].join(', ')}.`,
    });
  });
}

/** What is wrong with one entry now, in the words of the reports. */
export function checkEntry(
  directory: Directory,
  entry: Entry,
  options: Pick<CheckOptions, 'verifiedDays' | 'updatedDays'> = {},
): readonly { readonly code: string; readonly title: string; readonly reason: string }[] {
  const revision = currentRevision(directory);
  const now = directory.host.now();
  const several = { has: () => true };
  const context = contextOf(directory, revision, now - (now % DAY), options, several);
  return COMPLIANCE_RULES.flatMap((rule) => {
    const faults = rule.check(entry, context);
    return faults.length > 0 ? [{ code: rule.code, title: rule.title, reason: reason(faults) }] : [];
  });
}

const DAY = 86_400_000;

/** Endpoints that have more than one entry. */
const shared = ({ handle, tenant }: Directory, revision: number): ReadonlySet<number> =>
  new Set(
    handle
      .prepare(
        `select r.endpoint from directory_role r where r.tenant = ? and ${AT_REVISION} group by r.endpoint having count(*) > 1`,
      )
      .all(tenant, revision, revision)
      .map((row) => Number(row['endpoint'])),
  );

function contextOf(
  directory: Directory,
  revision: number,
  at: number,
  { verifiedDays = 90, updatedDays = 365 }: CheckOptions,
  several: Pick<ReadonlySet<number>, 'has'>,
): CheckContext {
  const { handle } = directory;
  const known = new Map(contributors(directory).map((one) => [one.id, one]));
  const facts = handle.prepare('select facts from directory_endpoint where n = ?');
  let last: { readonly n: number; readonly facts: CertificateFacts | undefined } | undefined;
  return {
    at,
    verifiedDays,
    updatedDays,
    factsOf: ({ endpoint }) => {
      if (last?.n !== endpoint) {
        const text = facts.get(endpoint)?.['facts'];
        last = {
          n: endpoint,
          facts: typeof text === 'string' ? (JSON.parse(text) as CertificateFacts) : undefined,
        };
      }
      return last.facts;
    },
    sameAddress: ({ n, endpoint, record }) =>
      several.has(endpoint)
        ? lookUp(directory, record.DIRECT_ADDRESS, revision).filter((other) => other.n !== n)
        : [],
    npiType: npiTypes(directory),
    contributor: (id) => known.get(id),
  };
}

export interface TrendLine {
  readonly code: string;
  readonly before: number;
  readonly after: number;
}

/** Failures of each check in two publications. Certificate checks use what discovery found last in both. */
export async function trend(
  directory: Directory,
  before: string,
  after: string,
  options: Omit<CheckOptions, 'day'> = {},
): Promise<TrendLine[]> {
  const [first, second] = [
    await runChecks(directory, { ...options, day: before }),
    await runChecks(directory, { ...options, day: after }),
  ];
  return first.checks.map(({ code, failures }, i) => ({
    code,
    before: failures,
    after: second.checks[i]!.failures,
  }));
}
