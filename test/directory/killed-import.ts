/**
 * Imports a file, and ends itself without a word: after so many batches, or, like a power cut, at a moment that nobody
 * chose. What a kill does; goes on with what an earlier one left.
 */
import { contribute } from '../../src/directory/contribute.ts';
import { openDirectory, putContributor } from '../../src/directory/directory.ts';
import { openSource } from '../../src/directory/read/source.ts';
import { realHost } from '../../src/net/real.ts';

const [database, file, batchesText = '0', afterText = '0'] = process.argv.slice(2);
const directory = await openDirectory(realHost(), { file: database! });
putContributor(directory, { id: 'acme' });
const end = (): void => void process.kill(process.pid, 'SIGKILL');
let batches = 0;
const done = await contribute(directory, {
  contributor: 'acme',
  by: 'test',
  source: openSource(file!),
  onProgress: () => {
    batches += 1;
    // within the batch after that one, at one of its records
    if (batches === Number(batchesText)) {
      if (afterText === '0') end();
      else killWithin(Number(afterText));
    }
  },
});
directory.close();
process.stdout.write(JSON.stringify(done.counts));

/** Kills in the middle of the work of the next batch: at the so-manieth row that is written. */
function killWithin(rows: number): void {
  const { prepare } = directory.handle;
  let left = rows;
  // statements are prepared once for a contribution; those of each record are found by their text each time
  Object.assign(directory.handle, {
    prepare(text: string) {
      if (text.startsWith('insert into directory_words') && --left === 0) end();
      return prepare(text);
    },
  });
}
