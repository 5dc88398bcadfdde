import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type ContributeRequest, contribute } from '../../src/directory/contribute.ts';
import type { Contribution } from '../../src/directory/contributions.ts';
import { type Directory, openDirectory, putContributor } from '../../src/directory/directory.ts';
import { entries } from '../../src/directory/entries.ts';
import { generate } from '../../src/directory/generate/records.ts';
import { type Format, openSource } from '../../src/directory/read/source.ts';
import type { DirectoryRecord } from '../../src/directory/record.ts';
import { type TextFormat, textOf } from '../../src/directory/write/formats.ts';
import { realHost } from '../../src/net/real.ts';

const folder = mkdtempSync(join(tmpdir(), 'directory-'));
const open: Directory[] = [];
let number = 0;

afterAll(async () => {
  for (const directory of open) directory.close();
  await rm(folder, { recursive: true, force: true });
});

export const TODAY = '2026-11-20';

export const file = (content: string | Uint8Array, name = `file-${number++}`): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

export async function freshDirectory(...contributors: string[]): Promise<Directory> {
  const host = { ...realHost(), now: () => Date.parse(`${TODAY}T12:00:00Z`) };
  const directory = await openDirectory(host, { file: join(folder, `directory-${number++}.sqlite`) });
  open.push(directory);
  for (const id of contributors.length > 0 ? contributors : ['acme']) putContributor(directory, { id });
  return directory;
}

export const some = (count: number, seed = 1): DirectoryRecord[] => [
  ...generate({ seed, count, today: TODAY }),
];

export const written = (format: TextFormat, records: Iterable<DirectoryRecord>): string =>
  [...textOf(format, records)].join('');

export const take = (
  directory: Directory,
  content: string | Uint8Array,
  more: Partial<ContributeRequest> & { format?: Format } = {},
): Promise<Contribution> =>
  contribute(directory, {
    contributor: 'acme',
    by: 'test',
    source: openSource(file(content), more.format),
    ...more,
  });

/** What is shown, in an order of its own. */
export const shownRecords = (directory: Directory, at?: number): string[] =>
  [...entries(directory, at === undefined ? {} : { at })].map(({ record }) => JSON.stringify(record)).sort();

export const asShown = (records: Iterable<DirectoryRecord>): string[] =>
  [...records].map((record) => JSON.stringify(record)).sort();
