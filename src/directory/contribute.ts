/**
 * Contributions from files: whole (what the contributor no longer has goes) or incremental (add, change, delete).
 *
 * @module
 */
import { nextTurn } from '../net/turn.ts';
import {
  addFindings,
  applying,
  type Contribution,
  type ContributionKind,
  changeContribution,
  contribution,
  createContribution,
  type Finding,
  history,
} from './contributions.ts';
import { type Directory, findContributor } from './directory.ts';
import { DirectoryError } from './error.ts';
import { readerOf } from './read/index.ts';
import type { Item } from './read/item.ts';
import type { Source } from './read/source.ts';
import type { Mapping } from './read/table.ts';
import type { DirectoryRecord } from './record.ts';
import { type ApplyOptions, applyItems, backOut, beginApplying, busy, sweep } from './write/apply.ts';

export interface Progress {
  /** Records read. */
  readonly records: number;
  /** Part of the file that is read, 0 to 1. */
  readonly part: number;
  /** A second, since this process began. */
  readonly rate: number;
  /** Milliseconds that are left at this pace; undefined at the beginning. */
  readonly remainingMs: number | undefined;
}

export interface ContributeRequest {
  /** Id of a contributor. */
  readonly contributor: string;
  readonly source: Source;
  /** Default `whole`. */
  readonly kind?: Exclude<ContributionKind, 'undo'>;
  /** Who does it, for the history. */
  readonly by: string;
  /** Wrong records up to which the others are taken. Default 0. */
  readonly tolerate?: number;
  readonly mapping?: Mapping;
  readonly onProgress?: (progress: Progress) => void;
  /** Hears of the contribution when it begins, or goes on. */
  readonly onBegun?: (begun: Contribution) => void;
  /** Asked after each batch; true: leave it unfinished, as a kill would. The same request goes on later. */
  readonly stopped?: () => boolean;
}

/**
 * Takes a contribution. The same file of the same contributor goes on where it was left. When the contributor's
 * contributions need approval, it is kept as `waiting`, else it is shown at once when it is complete.
 *
 * A file with more wrong records than `tolerate` is `refused`, and the directory stays as it was; `findings` says why.
 *
 * @throws {DirectoryError} `format`: no record of the file can be read; `busy`: another one is not finished
 */
export async function contribute(directory: Directory, request: ContributeRequest): Promise<Contribution> {
  await sweep(directory);
  const { source, mapping } = request;
  const contributor = findContributor(directory, request.contributor);
  const open = openOne(directory, request);
  const id = open?.id ?? createContribution(directory, { ...headOf(request), state: 'loading' }).id;
  request.onBegun?.(contribution(directory, id));
  const pace = paceOf(directory, request);
  const options: ApplyOptions = {
    tolerate: request.tolerate ?? 0,
    repeatsAllowed: source.format === 'nppes',
    onBatch: pace.onBatch,
    ...(request.stopped ? { stopped: request.stopped } : {}),
  };
  const items = readerOf(source.format, mapping)(source.chunks(pace.onRead));
  try {
    if (contributor?.approval) return await keepDraft(directory, id, items, options);
    if (open?.state !== 'applying') beginApplying(directory, id);
    return await applyItems(directory, id, items, options);
  } catch (error) {
    if (error instanceof DirectoryError && error.code !== 'busy') {
      await backOut(directory, id, 'refused', error.message);
    }
    throw error;
  }
}

const headOf = ({ contributor, kind = 'whole', source, by }: ContributeRequest) => ({
  contributor,
  kind,
  source: source.name,
  format: source.format,
  sha256: source.sha256,
  by,
});

/** The unfinished contribution of the same file. @throws {DirectoryError} `busy`: there is another one */
function openOne(directory: Directory, request: ContributeRequest): Contribution | undefined {
  const { contributor, kind = 'whole', source } = request;
  const same = (one: Contribution): boolean =>
    one.contributor === contributor && one.kind === kind && one.sha256 === source.sha256;
  const current = applying(directory);
  if (current && same(current)) return current;
  const loading = history(directory, 100).find((one) => one.state === 'loading' && same(one));
  if (loading) return loading;
  if (current && !findContributor(directory, contributor)?.approval) throw busy(current);
  return undefined;
}

function paceOf({ host }: Directory, { source, onProgress }: ContributeRequest) {
  const started = host.mono();
  let octets = 0;
  return {
    onRead: (count: number) => {
      octets += count;
    },
    onBatch: (records: number) => {
      const ms = host.mono() - started;
      const part = source.size > 0 ? Math.min(1, octets / source.size) : 1;
      onProgress?.({
        records,
        part,
        rate: ms > 0 ? (records * 1000) / ms : 0,
        remainingMs: ms > 1000 && part > 0.01 ? (ms / part) * (1 - part) : undefined,
      });
    },
  };
}

const DRAFT_BATCH = 2000;

/** Keeps the records until somebody approves them. */
export async function keepDraft(
  directory: Directory,
  id: number,
  items: Iterable<Item>,
  { tolerate = 0, onBatch, stopped }: ApplyOptions,
): Promise<Contribution> {
  const { handle, tenant, host } = directory;
  const before = contribution(directory, id);
  let dealt = before.checkpoint;
  let errors = before.counts.errors;
  const source = items[Symbol.iterator]();
  for (let skipped = 0; skipped < dealt; skipped++) source.next();
  const insert = handle.prepare(
    'insert into directory_draft (tenant, contribution, n, line, change, record) values (?, ?, ?, ?, ?, ?)',
  );
  for (let ended = false; !ended; ) {
    ended = handle.atomically(() => {
      const found: Finding[] = [];
      for (let i = 0; i < DRAFT_BATCH; i++) {
        const next = source.next();
        if (next.done) break;
        dealt += 1;
        const item = next.value;
        if (item.kind === 'fault') found.push({ ...item.fault, level: 'error' });
        else insert.run(tenant, id, dealt, item.line, item.change, JSON.stringify(item.record));
        if (i === DRAFT_BATCH - 1) {
          keepCounts(found);
          return false;
        }
      }
      keepCounts(found);
      return true;
    });
    onBatch?.(dealt);
    await host.hold(nextTurn());
    if (!ended && stopped?.()) return contribution(directory, id);
  }
  if (errors > tolerate) return backOut(directory, id, 'refused', `${errors} records are wrong`);
  if (dealt === 0) return backOut(directory, id, 'refused', 'no record was found');
  changeContribution(directory, id, { state: 'waiting' });
  return contribution(directory, id);

  function keepCounts(found: readonly Finding[]): void {
    addFindings(directory, id, errors, found);
    errors += found.length;
    changeContribution(directory, id, { checkpoint: dealt, counts: { ...before.counts, errors } });
  }
}

/** The records of a contribution that waits. */
export function* drafts({ handle, tenant }: Directory, id: number): Generator<Item & { kind: 'record' }> {
  const page = handle.prepare(
    'select n, line, change, record from directory_draft where tenant = ? and contribution = ? and n > ? order by n limit 1000',
  );
  let after = 0;
  for (;;) {
    const rows = page.all(tenant, id, after);
    for (const row of rows) {
      yield {
        kind: 'record',
        line: Number(row['line']),
        change: row['change'] as 'put' | 'delete',
        record: JSON.parse(String(row['record'])) as DirectoryRecord,
      };
    }
    const last = rows.at(-1);
    if (!last) return;
    after = Number(last['n']);
  }
}

/** Applies a contribution that waits, or goes on with it. @throws {DirectoryError} `state`, `busy` */
export async function approve(
  directory: Directory,
  id: number,
  options: { readonly by: string } & Pick<ApplyOptions, 'stopped' | 'onBatch'>,
): Promise<Contribution> {
  await sweep(directory);
  const waiting = contribution(directory, id);
  if (waiting.state !== 'waiting' && waiting.state !== 'applying') {
    throw new DirectoryError(
      'state',
      `contribution ${id} is ${waiting.state}; only one that waits is approved`,
    );
  }
  if (waiting.state === 'waiting') {
    beginApplying(directory, id);
    // the errors of reading were counted, and tolerated, when it came
    changeContribution(directory, id, {
      checkpoint: 0,
      counts: { ...waiting.counts, errors: 0 },
      reason: `approved by ${options.by}`,
    });
  }
  return applyItems(directory, id, drafts(directory, id), options);
}

/** Gives up a contribution that waits or is not finished. @throws {DirectoryError} `state` */
export async function refuse(directory: Directory, id: number, reason: string): Promise<Contribution> {
  const { state } = contribution(directory, id);
  if (state !== 'waiting' && state !== 'loading' && state !== 'applying') {
    throw new DirectoryError('state', `contribution ${id} is ${state}; there is nothing to give up`, {
      hint: state === 'applied' ? `Undo it: anchorage directory undo ${id}.` : '',
    });
  }
  return backOut(directory, id, 'refused', reason);
}
