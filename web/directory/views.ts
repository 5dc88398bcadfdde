/**
 * What the directory's API gives: shapes that only grow. Times are ISO 8601 UTC.
 *
 * @module
 */
import { z } from 'zod';
import type { Reader } from '../../src/directory/access.ts';
import type { AuditLine } from '../../src/directory/audit.ts';
import type { Contribution, Finding } from '../../src/directory/contributions.ts';
import type { Directory } from '../../src/directory/directory.ts';
import type { Entry } from '../../src/directory/entries.ts';
import { handlesOf } from '../../src/directory/fhir/handles.ts';
import { sightOf } from '../../src/directory/fhir/sight.ts';
import { firstEntry } from '../../src/directory/fhir/things.ts';
import type { DirectoryKey } from '../../src/directory/keys.ts';
import type { Provenance } from '../../src/directory/provenance.ts';
import { COLUMNS } from '../../src/directory/record.ts';
import type { Snapshot } from '../../src/directory/snapshots.ts';
import { standingOf } from '../../src/directory/standing.ts';

const iso = (ms: number): string => new Date(ms).toISOString();
const time = z.iso.datetime();
const orNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

export const entryView = z.strictObject({
  id: z.string().describe('The same as of the PractitionerRole in FHIR'),
  address: z.string(),
  contributor: z.string(),
  active: z.boolean().describe('Whether somebody vouches for it now'),
  verification: z.enum(['never', 'verified', 'failed', 'temporary']),
  verifiedAt: time.nullable(),
  firstSeen: time,
  standing: z.enum(['listed', 'flagged', 'hidden']),
  record: z
    .record(z.string(), z.string())
    .describe('Columns of the contribution file; empty ones are left out'),
});

export type EntryView = z.output<typeof entryView>;

/** Entries as one reader sees them. */
export function entryViews(directory: Directory, reader: Reader): (entry: Entry) => EntryView {
  const sight = sightOf(directory, reader);
  const handles = handlesOf(directory);
  return (entry) => ({
    id: handles.idOf({ type: 'PractitionerRole', first: firstEntry(sight, entry.n), place: 0 }),
    address: entry.record.DIRECT_ADDRESS,
    contributor: entry.contributor,
    active: entry.active,
    verification: entry.verification,
    verifiedAt: orNull(entry.verifiedAt),
    firstSeen: iso(entry.firstSeen),
    standing: standingOf(entry, directory.host.now()).state,
    record: Object.fromEntries(
      COLUMNS.filter((column) => entry.record[column] !== '').map((column) => [column, entry.record[column]]),
    ),
  });
}

export const provenanceView = z.strictObject({
  column: z.string(),
  value: z.string(),
  contributor: z.string(),
  contribution: z.int(),
  source: z.string(),
  line: z.int(),
  at: time,
});

export const toProvenance = ({ at, ...rest }: Provenance): z.output<typeof provenanceView> => ({
  ...rest,
  at: iso(at),
});

const counts = z.strictObject({
  added: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  removed: z.int(),
  errors: z.int(),
  warnings: z.int(),
});

export const contributionView = z.strictObject({
  id: z.int(),
  contributor: z.string(),
  kind: z.enum(['whole', 'incremental', 'undo']),
  state: z.enum(['loading', 'waiting', 'applying', 'sweeping', 'applied', 'refused', 'undone']),
  source: z.string(),
  format: z.string(),
  sha256: z.string(),
  by: z.string(),
  startedAt: time,
  endedAt: time.nullable(),
  records: z.int().describe('Records that are dealt with'),
  counts,
  undoes: z.int().nullable(),
  reason: z.string().nullable(),
});

export const toContribution = (one: Contribution): z.output<typeof contributionView> => {
  const { revision: _, checkpoint, startedAt, endedAt, ...rest } = one;
  return { ...rest, startedAt: iso(startedAt), endedAt: orNull(endedAt), records: checkpoint };
};

export const findingView = z.strictObject({
  line: z.int(),
  column: z.string(),
  level: z.enum(['error', 'warning']),
  found: z.string(),
  expected: z.string(),
});

export const toFinding = ({
  line,
  column,
  level,
  found,
  expected,
}: Finding): z.output<typeof findingView> => ({
  line,
  column,
  level,
  found,
  expected,
});

export const keyView = z.strictObject({
  id: z.string(),
  hisp: z.string(),
  label: z.string(),
  bulk: z.boolean(),
  madeBy: z.string(),
  madeAt: time,
  revokedAt: time.nullable(),
});

export const toKey = ({ madeAt, revokedAt, ...rest }: DirectoryKey): z.output<typeof keyView> => ({
  ...rest,
  madeAt: iso(madeAt),
  revokedAt: orNull(revokedAt),
});

export const auditView = z.strictObject({
  at: time,
  reader: z.enum(['public', 'participant', 'operator']),
  who: z.string(),
  name: z.string(),
  face: z.string(),
  kind: z.enum(['search', 'read', 'bulk']),
  query: z.string(),
  results: z.int(),
});

export const toAudit = ({ at, ...rest }: AuditLine): z.output<typeof auditView> => ({ at: iso(at), ...rest });

export const publicationView = z.strictObject({
  day: z.string(),
  madeAt: time,
  checksum: z.string().describe('SHA-256 of the published records as NDJSON'),
  entries: z.int(),
  withheld: z.int(),
  added: z.int(),
  removed: z.int(),
  hisps: z.record(z.string(), z.int()),
  files: z.array(z.string()).describe('Paths below /api/directory/v1'),
});

export const toPublication = ({
  day,
  madeAt,
  checksum,
  manifest,
}: Snapshot): z.output<typeof publicationView> => ({
  day,
  madeAt: iso(madeAt),
  checksum,
  ...manifest,
  files: ['csv', 'csv-2016'].map(
    (form) => `/download/${day.replaceAll('-', '/')}/directory-${day}-${form}.zip`,
  ),
});
