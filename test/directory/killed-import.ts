/** Imports a file and ends itself without a word after three batches: what a kill does, always at the same place. */
import { contribute } from '../../src/directory/contribute.ts';
import { openDirectory, putContributor } from '../../src/directory/directory.ts';
import { openSource } from '../../src/directory/read/source.ts';
import { realHost } from '../../src/net/real.ts';

const [database, file] = process.argv.slice(2);
const directory = await openDirectory(realHost(), { file: database! });
putContributor(directory, { id: 'acme' });
let batches = 0;
await contribute(directory, {
  contributor: 'acme',
  by: 'test',
  source: openSource(file!),
  onProgress: () => {
    batches += 1;
    if (batches === 3) process.kill(process.pid, 'SIGKILL');
  },
});
