import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { contribute } from '../../src/directory/contribute.ts';
import { applying, contribution } from '../../src/directory/contributions.ts';
import { openDirectory } from '../../src/directory/directory.ts';
import { countEntries } from '../../src/directory/entries.ts';
import { openSource } from '../../src/directory/read/source.ts';
import { search } from '../../src/directory/search.ts';
import { realHost } from '../../src/net/real.ts';
import { asShown, file, shownRecords, some, written } from './fixture.ts';

it('an import whose process was killed goes on, and ends the same', async () => {
  const records = some(9000);
  const source = file(written('csv', records), 'killed.csv');
  const database = `${source}.sqlite`;
  const child = spawnSync(process.execPath, [
    join(import.meta.dirname, 'killed-import.ts'),
    database,
    source,
  ]);
  expect(child.signal, child.stderr.toString()).toBe('SIGKILL');
  const directory = await openDirectory(realHost(), { file: database });
  try {
    expect(applying(directory)).toMatchObject({ id: 1, checkpoint: 6000 });
    expect(countEntries(directory)).toBe(0);
    expect(search(directory, 'clinic').hits).toEqual([]);
    await contribute(directory, { contributor: 'acme', by: 'test', source: openSource(source) });
    expect(contribution(directory, 1)).toMatchObject({
      state: 'applied',
      counts: { added: 9000, errors: 0 },
    });
    const expected = asShown(records);
    expect(shownRecords(directory).filter((one, i) => one !== expected[i])).toEqual([]);
  } finally {
    directory.close();
  }
});
