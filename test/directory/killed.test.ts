import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contribute } from '../../src/directory/contribute.ts';
import { applying, contribution, history } from '../../src/directory/contributions.ts';
import { type Directory, openDirectory, putContributor } from '../../src/directory/directory.ts';
import { countEntries, entries } from '../../src/directory/entries.ts';
import { generate } from '../../src/directory/generate/records.ts';
import { openSource } from '../../src/directory/read/source.ts';
import { search } from '../../src/directory/search.ts';
import { seededRandom } from '../../src/net/random.ts';
import { realHost } from '../../src/net/real.ts';
import { file, TODAY, written } from './fixture.ts';

/** Records; 1,000,000 with ANCHORAGE_LONG=kills, which takes some minutes. */
const LONG = process.env['ANCHORAGE_LONG'] === 'kills';
const COUNT = LONG ? 1_000_000 : 7000;
const BATCHES = Math.floor(COUNT / 2000);
const KILLS = LONG ? 12 : 3;
const TIMEOUT = LONG ? 3_600_000 : 60_000;

let source: string;
let expected: State;

/** Everything that is shown, everything that can be found, and what is said of the contribution. */
interface State {
  readonly entries: number;
  readonly digest: string;
  readonly words: unknown;
  readonly rows: unknown;
  readonly counts: unknown;
  readonly state: string;
  readonly integrity: unknown;
}

function stateOf(directory: Directory): State {
  const digest = createHash('sha256');
  // the order is that in which they came, with a kill or without
  for (const { record, born, line, n } of entries(directory)) {
    digest.update(JSON.stringify([n, born, line, record]));
  }
  const { handle } = directory;
  const [only] = history(directory);
  return {
    entries: countEntries(directory),
    digest: digest.digest('hex'),
    words: search(directory, 'clinic').hits.map(({ entry }) => entry.n),
    rows: ['role', 'endpoint', 'practitioner', 'organization', 'location'].map((name) =>
      handle.prepare(`select count(*) as count from directory_${name}`).get(),
    ),
    counts: only!.counts,
    state: only!.state,
    integrity: handle.prepare('pragma integrity_check').all(),
  };
}

const import_ = (database: string, ...when: readonly number[]) =>
  spawnSync(process.execPath, [
    join(import.meta.dirname, 'killed-import.ts'),
    database,
    source,
    ...when.map(String),
  ]);

beforeAll(async () => {
  source = file(written('csv', generate({ seed: 1, count: COUNT, today: TODAY })), 'killed.csv');
  const directory = await openDirectory(realHost(), { file: `${source}.whole.sqlite` });
  putContributor(directory, { id: 'acme' });
  await contribute(directory, { contributor: 'acme', by: 'test', source: openSource(source) });
  expected = stateOf(directory);
  directory.close();
}, TIMEOUT);
afterAll(() => rmSync(source, { force: true }));

describe('an import whose process was killed', { timeout: TIMEOUT }, () => {
  it('shows nothing, goes on, and ends the same', async () => {
    const database = `${source}.one.sqlite`;
    const child = import_(database, 3);
    expect(child.signal, child.stderr.toString()).toBe('SIGKILL');
    const directory = await openDirectory(realHost(), { file: database });
    try {
      expect(applying(directory)).toMatchObject({ id: 1, checkpoint: 6000 });
      expect(countEntries(directory)).toBe(0);
      expect(search(directory, 'clinic').hits).toEqual([]);
      await contribute(directory, { contributor: 'acme', by: 'test', source: openSource(source) });
      expect(contribution(directory, 1)).toMatchObject({
        state: 'applied',
        counts: { added: COUNT, errors: 0 },
      });
      expect(stateOf(directory)).toEqual(expected);
    } finally {
      directory.close();
    }
  });

  it('again and again, between batches and within them, ends the same', async () => {
    const random = seededRandom('kills');
    const database = `${source}.many.sqlite`;
    const kills: string[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      // each goes on after the batches of those before; the last batches are left for the end
      const batch = 1 + random.int(Math.max(1, Math.floor((BATCHES - 1) / KILLS)));
      const child = import_(database, batch, kill % 2 === 0 ? 0 : 1 + random.int(900));
      expect(child.signal, child.stderr.toString()).toBe('SIGKILL');
      kills.push(`${batch}`);
    }
    const last = import_(database);
    expect(last.status, last.stderr.toString()).toBe(0);
    const directory = await openDirectory(realHost(), { file: database });
    try {
      expect(stateOf(directory), `killed after batches ${kills.join(', ')}`).toEqual(expected);
    } finally {
      directory.close();
    }
  });
});
