/**
 * What operators do with the directory from the pages.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DirectoryDesk, UploadRequest } from '../../../web/directory-room.ts';
import type { ContributionRowView, MarkView } from '../../../web/directory-views.ts';
import { momentText } from '../../../web/present/directory.ts';
import { auditLines } from '../../directory/audit.ts';
import { type Choice, choose, unchoose, VISIBILITIES } from '../../directory/choices.ts';
import { approve, contribute, refuse } from '../../directory/contribute.ts';
import {
  applying,
  type Contribution,
  type Counts,
  contribution,
  findings,
  history,
} from '../../directory/contributions.ts';
import {
  AT_REVISION,
  contributors,
  currentRevision,
  type Directory,
  putContributor,
} from '../../directory/directory.ts';
import { lookUp } from '../../directory/entries.ts';
import { DirectoryError } from '../../directory/error.ts';
import { addKey, keys, revokeKey } from '../../directory/keys.ts';
import { preview } from '../../directory/preview.ts';
import { FORMATS, type Format, openSource } from '../../directory/read/source.ts';
import { snapshots } from '../../directory/snapshots.ts';
import { undo } from '../../directory/undo.ts';
import { keysOf } from '../../directory/visibility-reason.ts';
import type { NetworkDirectory } from './directory.ts';
import { checkRuns } from './directory-checks.ts';
import { directoryReports } from './directory-reports.ts';

const SHOWN = 200;
const FINDINGS = 200;
const ASKED = 50;
/** Files that dry runs keep. */
const STAGED = 10;

export function directoryDesk(book: NetworkDirectory): DirectoryDesk {
  const { directory } = book;
  const folder = join(book.folder, 'uploads');
  rmSync(folder, { recursive: true, force: true });
  const staged = new Map<string, { readonly path: string; readonly name: string }>();
  const drop = (id: string): void => {
    const found = staged.get(id);
    staged.delete(id);
    if (found) rmSync(found.path, { force: true });
  };
  /** Keeps the file until it is contributed, or until there are too many. */
  const stage = async (file: File | string): Promise<string> => {
    if (typeof file === 'string') {
      if (staged.has(file)) return file;
      throw new DirectoryError('source', 'the file of the dry run is no longer kept', {
        hint: 'Choose it again.',
      });
    }
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const id = randomUUID();
    const path = join(folder, id);
    writeFileSync(path, new Uint8Array(await file.arrayBuffer()), { mode: 0o600 });
    const name = file.name.replaceAll(/[\u0000-\u001f\u007f/\\]/g, '_').slice(0, 200) || 'upload';
    staged.set(id, { path, name });
    const [oldest] = staged.keys();
    if (staged.size > STAGED && oldest !== undefined) drop(oldest);
    return id;
  };
  const requestOf = (id: string, { contributor, kind, format, tolerate, by }: UploadRequest) => {
    const { path, name } = staged.get(id)!;
    const source = openSource(path, formatNamed(format, name));
    return { contributor, kind, tolerate, by, source: { ...source, name } };
  };
  const done = async (work: () => Promise<Contribution>): Promise<string> => told(await book.inTurn(work));

  return {
    choose(address, subject, { choice, by, reason }) {
      const [entry] = lookUp(directory, address);
      const key = entry && keysOf(entry).find((one) => one.subject === subject)?.key;
      if (key === undefined)
        throw new DirectoryError('unknown', `${address} is not listed, or has no ${subject}`);
      const of = subject as Choice['subject'];
      if (choice === 'default') return unchoose(directory, of, key);
      const wanted = VISIBILITIES.find((one) => one === choice);
      if (!wanted) throw new DirectoryError('unknown', `"${choice}" is no choice`);
      choose(directory, { subject: of, key, choice: wanted, by, reason: reason.slice(0, 500) });
    },
    contributions() {
      const busy = applying(directory);
      return {
        rows: history(directory, SHOWN).map(rowView),
        contributors: contributorViews(directory),
        formats: FORMATS,
        publications: snapshots(directory)
          .slice(0, 30)
          .map(({ day, manifest, checksum }) => ({
            day,
            entries: `${manifest.entries.toLocaleString('en-US')}${manifest.withheld > 0 ? `, ${manifest.withheld} withheld` : ''}`,
            changes: `${manifest.added} added, ${manifest.removed} removed`,
            checksum,
          })),
        ...(busy
          ? {
              busy: `Contribution ${busy.id} of ${busy.contributor} is being applied: ${busy.checkpoint} records so far.`,
            }
          : {}),
      };
    },
    contribution(id) {
      const one = found(directory, id);
      if (!one) return undefined;
      const list = findings(directory, id, FINDINGS);
      const total = one.counts.errors + one.counts.warnings;
      return {
        row: rowView(one),
        ...(one.reason ? { reason: one.reason } : {}),
        facts: [
          { name: 'Format', value: one.format },
          { name: 'SHA-256', value: one.sha256, mono: true },
          { name: 'Started', value: momentText(one.startedAt) },
          { name: 'Ended', value: one.endedAt === null ? '' : momentText(one.endedAt) },
          { name: 'Records', value: String(one.checkpoint) },
          { name: 'Revision', value: one.revision === null ? '' : String(one.revision) },
          { name: 'Undoes', value: one.undoes === null ? '' : `contribution ${one.undoes}` },
        ].filter(({ value }) => value !== ''),
        findings: list,
        moreFindings: Math.max(0, total - list.length),
        can: actionsOf(one),
      };
    },
    approve: (id, by) => done(() => approve(directory, id, { by })),
    refuse: (id, by) => done(() => refuse(directory, id, `refused by ${by}`)),
    undo: (id, by) => done(() => undo(directory, id, by)),
    async preview(request) {
      const id = await stage(request.file);
      const wanted = requestOf(id, request);
      const result = await book.inTurn(() => preview(directory, wanted, SHOWN));
      const { counts } = result;
      return {
        staged: id,
        kind: request.kind,
        format: request.format ?? '',
        tolerate: request.tolerate,
        contributor: request.contributor,
        source: wanted.source.name,
        counts: counted(counts),
        refused: result.refused,
        changes: result.changes,
        moreChanges: counts.added + counts.changed + counts.removed - result.changes.length,
        faults: result.faults,
        moreFaults: counts.errors + counts.warnings - result.faults.length,
      };
    },
    async upload(request) {
      const id = await stage(request.file);
      const wanted = requestOf(id, request);
      try {
        const result = await book.inTurn(() => contribute(directory, wanted));
        return { id: result.id, text: told(result) };
      } finally {
        drop(id);
      }
    },
    contributor(id, name, domains, approval) {
      const made = putContributor(directory, { id, name: name || id, domains, approval });
      return `${made.name} (${made.id}) may contribute${approval ? '; what it contributes waits for approval' : ''}.`;
    },
    keys: () => ({
      keys: keys(directory),
      hisps: contributors(directory).map(({ id, name }) => ({ id, name })),
      asked: auditLines(directory, { limit: ASKED }),
    }),
    makeKey: (hisp, label, bulk, by) => addKey(directory, { hisp, label, bulk, by }).key,
    revokeKey: (id, by) => void revokeKey(directory, id, by),
    ...checkRuns(book),
    ...directoryReports(directory),
  };
}

function formatNamed(format: string | undefined, name: string): Format | undefined {
  const found = FORMATS.find((one) => one === format);
  // the file is kept under a name of its own, so its extension is told here
  return found ?? (/\.ldif$/i.test(name) ? 'ldif' : /\.ndjson$/i.test(name) ? 'ndjson' : undefined);
}

function found(directory: Directory, id: number): Contribution | undefined {
  try {
    return contribution(directory, id);
  } catch (error) {
    if (error instanceof DirectoryError && error.code === 'unknown') return undefined;
    throw error;
  }
}

const STATES: Readonly<Record<Contribution['state'], readonly [MarkView['tone'], string]>> = {
  loading: ['busy', 'being read'],
  waiting: ['warn', 'waits'],
  applying: ['busy', 'being applied'],
  sweeping: ['good', 'applied'],
  applied: ['good', 'applied'],
  refused: ['bad', 'refused'],
  undone: ['muted', 'undone'],
};

const BECAME: Readonly<Record<Contribution['state'], string>> = {
  loading: 'is being read',
  waiting: 'waits for approval',
  applying: 'is being applied',
  sweeping: 'is applied',
  applied: 'is applied',
  refused: 'was refused',
  undone: 'was undone',
};

const rowView = (one: Contribution): ContributionRowView => {
  const [tone, text] = STATES[one.state];
  return {
    id: one.id,
    at: momentText(one.startedAt),
    contributor: one.contributor,
    kind: one.kind,
    source: one.source,
    by: one.by,
    state: { tone, text },
    counts: counted(one.counts),
  };
};

function actionsOf({ state, kind }: Contribution): readonly ('approve' | 'refuse' | 'undo')[] {
  if (state === 'waiting') return ['approve', 'refuse'];
  if (state === 'applied' && kind !== 'undo') return ['undo'];
  return state === 'loading' || state === 'applying' ? ['undo'] : [];
}

const counted = (counts: Counts): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count.toLocaleString('en-US')} ${what}`)
    .join(', ') || 'nothing';

const told = (one: Contribution): string =>
  `Contribution ${one.id} ${BECAME[one.state]}: ${counted(one.counts)}${one.reason ? ` (${one.reason})` : ''}.`;

function contributorViews(directory: Directory) {
  const { handle, tenant } = directory;
  const revision = currentRevision(directory);
  const counts = new Map(
    handle
      .prepare(
        `select r.contributor as n, count(*) as count from directory_role r where r.tenant = ? and ${AT_REVISION} group by 1`,
      )
      .all(tenant, revision, revision)
      .map((row) => [Number(row['n']), Number(row['count'])]),
  );
  return contributors(directory).map(({ n, id, name, domains, approval }) => ({
    id,
    name,
    entries: counts.get(n) ?? 0,
    domains: domains.length === 0 ? 'any' : `${domains.length}`,
    approval,
  }));
}
