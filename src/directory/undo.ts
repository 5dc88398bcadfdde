/**
 * Undoing a contribution: by another contribution, so that the history stays whole.
 *
 * @module
 */

import { approve, keepDraft } from './contribute.ts';
import {
  addFindings,
  applying,
  type Contribution,
  changeContribution,
  contribution,
  createContribution,
  type Finding,
} from './contributions.ts';
import type { Directory } from './directory.ts';
import { entry } from './entries.ts';
import { DirectoryError } from './error.ts';
import { versionsOf } from './provenance.ts';
import type { Item } from './read/item.ts';
import { backOut, busy, sweep } from './write/apply.ts';

/**
 * Undoes a contribution: what it added goes, what it changed or removed is as before. An entry that was changed again
 * since stays as it is, with a warning. One that is unfinished or waits is given up.
 *
 * @throws {DirectoryError} `state`: it was undone or refused already, or left nothing; `busy`
 */
export async function undo(directory: Directory, id: number, by: string): Promise<Contribution> {
  const undone = contribution(directory, id);
  if (undone.state === 'loading' || undone.state === 'applying' || undone.state === 'waiting') {
    return backOut(directory, id, 'undone', `given up by ${by}`);
  }
  await sweep(directory);
  if (undone.revision === null || undone.state === 'refused' || undone.state === 'undone') {
    throw new DirectoryError('state', `contribution ${id} is ${undone.state}; there is nothing to undo`);
  }
  const current = applying(directory);
  if (current) throw busy(current);
  const fresh = createContribution(directory, {
    contributor: undone.contributor,
    kind: 'undo',
    state: 'loading',
    source: `undo of ${id}`,
    format: 'undo',
    sha256: '',
    by,
    undoes: id,
  });
  // all of it is drawn up before the first change, so that a stop does not alter what is left to do
  const conflicts: Finding[] = [];
  const drawn = await keepDraft(directory, fresh.id, inverse(directory, undone.revision, conflicts), {});
  if (drawn.state === 'refused') {
    throw new DirectoryError('state', `contribution ${id} left nothing that could be undone`, {
      hint: 'All that it did was changed since, or it did nothing.',
    });
  }
  addFindings(directory, fresh.id, 0, conflicts);
  changeContribution(directory, fresh.id, { counts: { ...drawn.counts, warnings: conflicts.length } });
  return approve(directory, fresh.id, { by });
}

/** What takes a revision back. What was changed since is left, and told in `conflicts`. */
function* inverse(directory: Directory, revision: number, conflicts: Finding[]): Generator<Item> {
  const item = (n: number, change: 'put' | 'delete'): Item => {
    const { record, line } = entry(directory, n)!;
    return { kind: 'record', line, change, record };
  };
  const conflict = (n: number): void => {
    const { record, line } = entry(directory, n)!;
    conflicts.push({
      line,
      column: 'DIRECT_ADDRESS',
      level: 'warning',
      found: `${record.DIRECT_ADDRESS}, which was changed again since`,
      expected: 'an entry as the contribution left it; it stays as it is',
    });
  };
  for (const n of touched(directory, 'born', revision)) {
    const versions = versionsOf(directory, n);
    const own = versions.find((version) => version.n === n)!;
    const before = versions.find(({ gone, born }) => gone === revision && born < revision);
    if (own.gone === revision) continue;
    if (own.gone !== null) conflict(n);
    else yield before ? item(before.n, 'put') : item(n, 'delete');
  }
  for (const n of touched(directory, 'gone', revision)) {
    const versions = versionsOf(directory, n);
    if (versions.some(({ born, gone }) => born === revision && gone !== revision)) continue;
    if (versions.find((version) => version.n === n)!.born === revision) continue;
    if (versions.some(({ gone }) => gone === null)) conflict(n);
    else yield item(n, 'put');
  }
}

function* touched({ handle, tenant }: Directory, how: 'born' | 'gone', revision: number): Generator<number> {
  const page = handle.prepare(
    `select n from directory_role where ${how} = ? and tenant = ? and n > ? order by n limit 1000`,
  );
  for (let after = 0; ; ) {
    const rows = page.all(revision, tenant, after);
    for (const row of rows) yield Number(row['n']);
    const last = rows.at(-1);
    if (!last) return;
    after = Number(last['n']);
  }
}
