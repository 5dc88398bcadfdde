/**
 * Applies records to the directory in batches that nobody sees until the last one is in: then one small transaction
 * makes the revision the one that is shown. Each batch carries its checkpoint, so work that was killed goes on.
 *
 * @module
 */
import { nextTurn } from '../../net/turn.ts';
import {
  addFindings,
  applying,
  type Contribution,
  type Counts,
  changeContribution,
  contribution,
  type Finding,
} from '../contributions.ts';
import { contributors, type Directory } from '../directory.ts';
import { DirectoryError } from '../error.ts';
import type { Item } from '../read/item.ts';
import { organizationId, practitionerId, type RowWriter, rowWriter } from './rows.ts';
import { forgetWords } from './words.ts';

/** Records of one transaction. */
const BATCH = 2000;

export interface ApplyOptions {
  /** Errors up to which the rest is taken all the same. Default 0. */
  readonly tolerate?: number;
  /** A record that repeats another one of the same contribution is a warning only. */
  readonly repeatsAllowed?: boolean;
  /** After each batch: how many records are dealt with. */
  readonly onBatch?: (records: number) => void;
  /** Asked after each batch; true: stop here, as if killed. */
  readonly stopped?: () => boolean;
}

/** Begins to apply: gives it a revision. @throws {DirectoryError} `busy`: another one is under way */
export function beginApplying(directory: Directory, id: number): void {
  const { handle, tenant } = directory;
  handle.atomically(() => {
    const other = applying(directory);
    if (other && other.id !== id) throw busy(other);
    const row = handle
      .prepare('select coalesce(max(revision), 0) + 1 as next from directory_contribution where tenant = ?')
      .get(tenant);
    const current = contribution(directory, id);
    changeContribution(directory, id, {
      state: 'applying',
      revision: current.revision ?? Number(row!['next']),
    });
    handle.prepare('update directory_state set applying = ? where tenant = ?').run(id, tenant);
  });
}

export const busy = (other: Contribution): DirectoryError =>
  new DirectoryError(
    'busy',
    `contribution ${other.id} (${other.source}, of ${other.contributor}) is not finished`,
    {
      hint: `Import the same file again and it goes on, or give it up: anchorage directory undo ${other.id}.`,
    },
  );

/**
 * Applies the items to the contribution that `beginApplying` began, after those that its checkpoint counts.
 * The items are the same each time.
 */
export async function applyItems(
  directory: Directory,
  id: number,
  items: Iterable<Item>,
  options: ApplyOptions = {},
): Promise<Contribution> {
  const { handle, host } = directory;
  const { tolerate = 0 } = options;
  const started = contribution(directory, id);
  const { n: contributor } = contributors(directory).find((one) => one.id === started.contributor)!;
  const writer = rowWriter(directory, contributor, started.revision!);
  const counts: { -readonly [K in keyof Counts]: number } = { ...started.counts };
  let dealt = started.checkpoint;
  const source = items[Symbol.iterator]();
  for (let skipped = 0; skipped < dealt; skipped++) source.next();

  for (let done = false; !done; ) {
    done = handle.atomically(() => {
      const found: Finding[] = [];
      const already = counts.errors + counts.warnings;
      let ended = false;
      for (let i = 0; i < BATCH; i++) {
        const next = source.next();
        if (next.done) {
          ended = true;
          break;
        }
        dealt += 1;
        const finding = applyOne(writer, next.value, counts, options);
        if (!finding) continue;
        found.push(finding);
        counts[finding.level === 'error' ? 'errors' : 'warnings'] += 1;
      }
      addFindings(directory, id, already, found);
      changeContribution(directory, id, { checkpoint: dealt, counts });
      return ended;
    });
    options.onBatch?.(dealt);
    await host.hold(nextTurn());
    // what comes after many errors is not worth a long time: the file is refused whatever follows
    if (counts.errors > Math.max(tolerate, ENOUGH)) break;
    if (!done && options.stopped?.()) return contribution(directory, id);
  }
  if (counts.errors > tolerate) {
    const reason = `${counts.errors} ${counts.errors === 1 ? 'record is' : 'records are'} wrong; at most ${tolerate} may be`;
    return backOut(directory, id, 'refused', reason);
  }
  if (dealt === 0) return backOut(directory, id, 'refused', 'no record was found');
  return finish(directory, id, contributor, counts);
}

/** Errors after which a refused file is read no further. */
const ENOUGH = 10_000;

function applyOne(
  writer: RowWriter,
  item: Item,
  counts: { -readonly [K in keyof Counts]: number },
  { repeatsAllowed = false }: ApplyOptions,
): Finding | undefined {
  if (item.kind === 'fault') return { ...item.fault, level: 'error' };
  const { record, line } = item;
  if (item.change === 'delete') {
    if (writer.remove(record)) counts.removed += 1;
    else {
      return {
        line,
        column: 'DIRECT_ADDRESS',
        level: 'warning',
        found: `${record.DIRECT_ADDRESS}, which is not in the directory with this PROV_UID and ORG_UID`,
        expected: 'an entry that the contributor has',
      };
    }
    return undefined;
  }
  const put = writer.put(record, line);
  if (typeof put === 'string') {
    counts[put] += 1;
    return undefined;
  }
  return {
    line,
    column: 'DIRECT_ADDRESS',
    level: repeatsAllowed ? 'warning' : 'error',
    found: `the key of line ${put.repeats} again: ${record.DIRECT_ADDRESS}, PROV_UID '${practitionerId(record)}', ORG_UID '${organizationId(record)}'`,
    expected: 'each key (address, PROV_UID, ORG_UID) once',
  };
}

/** Takes away what a whole contribution no longer has, and shows the revision. */
async function finish(
  directory: Directory,
  id: number,
  contributor: number,
  counts: Counts,
): Promise<Contribution> {
  const { handle, tenant, host } = directory;
  const { kind, revision, undoes } = contribution(directory, id);
  handle.atomically(() => {
    let removed = counts.removed;
    if (kind === 'whole') {
      removed += handle
        .prepare(
          'update directory_role set gone = ? where tenant = ? and contributor = ? and gone is null and seen <> ?',
        )
        .run(revision, tenant, contributor, revision).changes;
    }
    changeContribution(directory, id, {
      state: 'sweeping',
      counts: { ...counts, removed },
      endedAt: host.now(),
    });
    if (undoes !== null) changeContribution(directory, undoes, { state: 'undone' });
    handle
      .prepare('update directory_state set revision = ?, applying = null where tenant = ?')
      .run(revision, tenant);
    handle.prepare('delete from directory_draft where tenant = ? and contribution = ?').run(tenant, id);
  });
  await sweep(directory);
  return contribution(directory, id);
}

/** Takes rows that are gone out of the index of words, also those that an earlier process left. */
export async function sweep(directory: Directory): Promise<void> {
  const { handle, tenant, host } = directory;
  const waiting = handle
    .prepare(`select id, revision from directory_contribution where tenant = ? and state = 'sweeping'`)
    .all(tenant);
  for (const row of waiting) {
    let after: number | undefined = 0;
    while (after !== undefined) {
      const from: number = after;
      after = handle.atomically(() => forgetWords(directory, Number(row['revision']), from, BATCH));
      await host.hold(nextTurn());
    }
    changeContribution(directory, Number(row['id']), { state: 'applied' });
  }
  handle.settle();
}

/** Takes back what an unfinished contribution did. It can be called again after it was killed. */
export async function backOut(
  directory: Directory,
  id: number,
  state: 'refused' | 'undone',
  reason: string,
): Promise<Contribution> {
  const { handle, tenant, host } = directory;
  const { revision } = contribution(directory, id);
  if (revision !== null) {
    const born = handle.prepare(
      'select n from directory_role where tenant = ? and born = ? and n > ? order by n limit ?',
    );
    let after = 0;
    for (;;) {
      const rows = born.all(tenant, revision, after, BATCH);
      if (rows.length === 0) break;
      handle.atomically(() => {
        for (const row of rows) {
          handle.prepare('delete from directory_words where rowid = ?').run(Number(row['n']));
          handle.prepare('delete from directory_role where n = ?').run(Number(row['n']));
        }
      });
      after = Number(rows.at(-1)!['n']);
      await host.hold(nextTurn());
    }
  }
  handle.atomically(() => {
    if (revision !== null) {
      handle
        .prepare('update directory_role set gone = null where tenant = ? and gone = ?')
        .run(tenant, revision);
    }
    handle.prepare('delete from directory_draft where tenant = ? and contribution = ?').run(tenant, id);
    handle
      .prepare('update directory_state set applying = null where tenant = ? and applying = ?')
      .run(tenant, id);
    changeContribution(directory, id, { state, reason, endedAt: host.now() });
  });
  return contribution(directory, id);
}
