/**
 * The address directory with 10,000, 100,000 and 1,000,000 entries: import, exact look-up, search, memory. Times of
 * import are processor time of the process, so that a busy machine does not change them much.
 *
 * `DIRECTORY_ROWS=10000,100000` measures less.
 *
 * @module
 */
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contribute } from '../../src/directory/contribute.ts';
import { openDirectory, putContributor } from '../../src/directory/directory.ts';
import { lookUp } from '../../src/directory/entries.ts';
import { generate } from '../../src/directory/generate/records.ts';
import { openSource } from '../../src/directory/read/source.ts';
import type { DirectoryRecord } from '../../src/directory/record.ts';
import { search } from '../../src/directory/search.ts';
import { textOf } from '../../src/directory/write/formats.ts';
import { seededRandom } from '../../src/net/random.ts';
import { realHost } from '../../src/net/real.ts';

const AIM = { importSeconds: 240, lookUpMs: 5, searchMs: 150, importMb: 700 };
const LOOKUPS = 20_000;
const SEARCHES = 400;

export async function benchDirectory(print: (line: string) => void): Promise<void> {
  const sizes = (process.env['DIRECTORY_ROWS'] ?? '10000,100000,1000000').split(',').map(Number);
  for (const size of sizes) await measure(size, print);
  print(
    `aim at 1,000,000: import under ${AIM.importSeconds} s and ${AIM.importMb} MB, look-up p99 under ${AIM.lookUpMs} ms, search p95 under ${AIM.searchMs} ms`,
  );
}

async function measure(size: number, print: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-directory-'));
  try {
    const file = join(folder, 'directory.csv');
    const sample = writeSample(file, size);
    const directory = await openDirectory(realHost(), { file: join(folder, 'directory.sqlite') });
    putContributor(directory, { id: 'bench' });
    const cpu = process.cpuUsage();
    const started = performance.now();
    await contribute(directory, { contributor: 'bench', by: 'bench', source: openSource(file) });
    const { user, system } = process.cpuUsage(cpu);
    const seconds = (user + system) / 1e6;
    const wall = (performance.now() - started) / 1000;
    print(
      `${size} entries: import ${seconds.toFixed(1)} s of processor (${Math.round(size / seconds)} a second), ${wall.toFixed(1)} s on the clock, peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MB, file ${Math.round(statSync(directory.handle.file).size / 1e6)} MB`,
    );
    const random = seededRandom('bench');
    const pick = (): DirectoryRecord => sample[random.int(sample.length)]!;
    const before = process.cpuUsage();
    const exact = times(LOOKUPS, () => lookUp(directory, pick().DIRECT_ADDRESS));
    const spent = process.cpuUsage(before);
    const mean = ((spent.user + spent.system) / LOOKUPS).toFixed(0);
    print(
      `  look-up of an address: p50 ${at(exact, 0.5)} ms, p99 ${at(exact, 0.99)} ms, ${mean} µs of processor each`,
    );
    const queries: readonly ((record: DirectoryRecord) => string)[] = [
      (record) => record.DIRECT_ADDRESS,
      (record) => record.PROV_NPI || record.ORG_NPI,
      (record) => `${record.PROV_FIRST_NAME} ${record.PROV_LAST_NAME}`,
      (record) => record.ORG_NAME,
      (record) => `${record.PROV_LAST_NAME} ${record.ORG_CITY}`,
      (record) => record.ORG_CITY,
      (record) => record.DIRECT_ADDRESS.split('@')[1]!,
      (record) => record.PROV_LAST_NAME.slice(0, 4),
    ];
    const found = times(SEARCHES, (i) => search(directory, queries[i % queries.length]!(pick())));
    print(
      `  search: p50 ${at(found, 0.5)} ms, p95 ${at(found, 0.95)} ms, worst ${at(found, 1)} ms; memory now ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
    );
    directory.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeSample(file: string, size: number): DirectoryRecord[] {
  const every = Math.max(1, Math.floor(size / 5000));
  const sample: DirectoryRecord[] = [];
  const records = function* () {
    let n = 0;
    for (const record of generate({ seed: 'bench', count: size, today: '2026-11-20' })) {
      if (n++ % every === 0) sample.push(record);
      yield record;
    }
  };
  const handle = openSync(file, 'w');
  let text = '';
  for (const piece of textOf('csv', records())) {
    text += piece;
    if (text.length > 1 << 20) {
      writeSync(handle, text);
      text = '';
    }
  }
  writeSync(handle, text);
  closeSync(handle);
  return sample;
}

function times(count: number, work: (i: number) => unknown): number[] {
  const all: number[] = [];
  for (let i = 0; i < count; i++) {
    const started = performance.now();
    work(i);
    all.push(performance.now() - started);
  }
  return all.sort((a, b) => a - b);
}

const at = (sorted: readonly number[], part: number): string =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!.toFixed(2);
