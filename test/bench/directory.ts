/**
 * The address directory with 10,000, 100,000 and 1,000,000 entries: import, exact look-up, search, LDAP, DNS of hosted
 * certificates, memory. Times of import are processor time of the process, so that a busy machine does not change them
 * much; LDAP and DNS are ratios to a peer in the same run. The largest size takes about six minutes.
 *
 * `DIRECTORY_ROWS=10000,100000` measures less.
 *
 * @module
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contribute } from '../../src/directory/contribute.ts';
import { openDirectory, putContributor } from '../../src/directory/directory.ts';
import { generate } from '../../src/directory/generate/records.ts';
import { openSource } from '../../src/directory/read/source.ts';
import type { DirectoryRecord } from '../../src/directory/record.ts';
import { textOf } from '../../src/directory/write/formats.ts';
import { seededRandom } from '../../src/net/random.ts';
import { realHost } from '../../src/net/real.ts';
import { measureDns, measureLdap, picked, type Ratio, readTimes, writeText } from './directory-faces.ts';

const LOOKUPS = 20_000;
const SEARCHES = 400;

/** One measure: what it is called, what is aimed at with 1,000,000 entries, and what each size gave. */
interface Row {
  readonly name: string;
  readonly aim: string;
  readonly values: string[];
}

export async function benchDirectory(print: (line: string) => void): Promise<void> {
  const sizes = (process.env['DIRECTORY_ROWS'] ?? '10000,100000,1000000').split(',').map(Number);
  const rows = new Map<string, Row>();
  const tell = (name: string, value: string, aim = ''): void => {
    const row = rows.get(name) ?? { name, aim, values: [] };
    row.values.push(value);
    rows.set(name, row);
    print(`  ${name}: ${value}`);
  };
  for (const size of sizes) {
    print(`${size} entries`);
    await measure(size, tell);
  }
  print('');
  for (const line of table(['', ...sizes.map(String), 'aim at 1,000,000'], [...rows.values()])) print(line);
}

function table(head: readonly string[], rows: readonly Row[]): string[] {
  const lines = [head, ...rows.map(({ name, aim, values }) => [name, ...values, aim])];
  const widths = head.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? '').length)));
  return lines.map((line) => `  ${line.map((cell, i) => cell.padEnd(widths[i]!)).join('  ')}`.trimEnd());
}

type Tell = (name: string, value: string, aim?: string) => void;

async function measure(size: number, tell: Tell): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-directory-'));
  const host = realHost();
  try {
    const file = join(folder, 'directory.csv');
    const { sample, addresses } = writeSample(file, size);
    const directory = await openDirectory(host, { file: join(folder, 'directory.sqlite') });
    putContributor(directory, { id: 'bench' });
    const cpu = process.cpuUsage();
    await contribute(directory, { contributor: 'bench', by: 'bench', source: openSource(file) });
    const { user, system } = process.cpuUsage(cpu);
    const seconds = (user + system) / 1e6;
    tell('import, s of processor', seconds.toFixed(1), 'under 240');
    tell('import, peak MB', String(Math.round(process.resourceUsage().maxRSS / 1024)), 'under 700');
    tell('file, MB', String(Math.round(statSync(directory.handle.file).size / 1e6)));

    const random = seededRandom('bench');
    const pick = (): DirectoryRecord => sample[random.int(sample.length)]!;
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
    const { times, mb } = await readTimes({
      kind: 'read',
      file: directory.handle.file,
      addresses: Array.from({ length: LOOKUPS }, () => pick().DIRECT_ADDRESS),
      queries: Array.from({ length: SEARCHES }, (_, i) => queries[i % queries.length]!(pick())),
    });
    tell('look-up p50, ms', at(times.lookUps, 0.5));
    tell('look-up p99, ms', at(times.lookUps, 0.99), 'under 5');
    tell('search p50, ms', at(times.searches, 0.5));
    tell('search p95, ms', at(times.searches, 0.95), 'under 150');
    tell('memory of these, MB', mb.toFixed(0), 'under 500');

    const asked = picked(addresses);
    const ldap = await measureLdap(directory, folder, asked);
    tellRatio(tell, 'LDAP by mail, of slapd', ldap, 'at least 0.5');
    directory.close();
    const dns = await measureDns(folder, addresses, asked);
    tellRatio(tell, 'DNS CERT hosted, of a small zone', dns, 'at least 0.7');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tellRatio(tell: Tell, name: string, ratio: Ratio, aim: string): void {
  const { inUse, any, perSecond, byProcessor, mb } = ratio;
  const shown = (ratio: number | undefined, rate: number): string =>
    ratio === undefined ? 'peer not installed' : `${ratio.toFixed(2)} (${Math.round(rate)}/s)`;
  tell(`${name}: addresses in use`, shown(inUse, perSecond[0]), aim);
  tell(`${name}: any address`, shown(any, perSecond[1]));
  if (byProcessor) {
    const [used, cold] = byProcessor.map((one) => one.toFixed(2));
    tell(`${name}, by processor time: in use, any`, `${used}, ${cold}`);
  }
  tell(`${name}: memory, MB`, mb.toFixed(0), 'under 500');
}

function writeSample(file: string, size: number): { sample: DirectoryRecord[]; addresses: string[] } {
  const every = Math.max(1, Math.floor(size / 5000));
  const sample: DirectoryRecord[] = [];
  const addresses: string[] = [];
  const records = function* () {
    for (const record of generate({ seed: 'bench', count: size, today: '2026-11-20' })) {
      if (addresses.length % every === 0) sample.push(record);
      addresses.push(record.DIRECT_ADDRESS);
      yield record;
    }
  };
  writeText(file, textOf('csv', records()));
  return { sample, addresses };
}

const at = (sorted: readonly number[], part: number): string =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!.toFixed(2);
