/**
 * Runs of the compliance checks that were asked for over the API: one at a time, each with its report and ZIP.
 *
 * @module
 */
import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { checkArchive } from '../../src/directory/check/archive.ts';
import type { CheckOptions, CheckReport } from '../../src/directory/check/run.ts';
import type { Directory } from '../../src/directory/directory.ts';
import { DirectoryError } from '../../src/directory/error.ts';

export interface CheckJob {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed';
  readonly startedAt: number;
  /** Entries that were looked at. */
  readonly entries: number;
  readonly report?: CheckReport;
  readonly failure?: string;
}

export interface Jobs {
  /** @throws {DirectoryError} `busy`, `unknown` */
  start(options: Pick<CheckOptions, 'codes' | 'by' | 'day'>): CheckJob;
  list(): CheckJob[];
  /** @throws {DirectoryError} `unknown` */
  find(id: string): CheckJob;
  /** @throws {DirectoryError} `state`: it is not done */
  archive(id: string): ReadableStream<Uint8Array>;
}

/** Runs that are kept; the oldest goes first. */
const KEPT = 8;

export function createJobs(directory: Directory): Jobs {
  const { host } = directory;
  const jobs = new Map<string, CheckJob>();
  let folder: string | undefined;
  const fileOf = (id: string): string => {
    folder ??= temporaryFolder();
    return join(folder, `${id}.zip`);
  };
  let number = 0;
  const find = (id: string): CheckJob => {
    const job = jobs.get(id);
    if (job) return job;
    throw new DirectoryError('unknown', `there is no run ${id} of the checks`);
  };
  const change = (id: string, more: Partial<CheckJob>): void => {
    const job = jobs.get(id);
    if (job) jobs.set(id, { ...job, ...more });
  };
  const run = async (id: string, options: CheckOptions): Promise<void> => {
    const file = openSync(fileOf(id), 'w', 0o600);
    try {
      const report = await checkArchive(
        directory,
        { ...options, onProgress: (entries) => change(id, { entries }) },
        (bytes) => void writeSync(file, bytes),
      );
      change(id, { state: 'done', entries: report.entries, report });
    } catch (error) {
      change(id, { state: 'failed', failure: (error as Error).message });
    } finally {
      closeSync(file);
    }
  };
  return {
    start(options) {
      const running = [...jobs.values()].find(({ state }) => state === 'running');
      if (running) throw new DirectoryError('busy', `the run ${running.id} of the checks is not finished`);
      const id = `${host.now().toString(36)}-${++number}`;
      const job: CheckJob = { id, state: 'running', startedAt: host.now(), entries: 0 };
      jobs.set(id, job);
      for (const old of [...jobs.keys()].slice(0, Math.max(0, jobs.size - KEPT))) {
        jobs.delete(old);
        void rm(fileOf(old), { force: true });
      }
      void run(id, options);
      return job;
    },
    list: () => [...jobs.values()].reverse(),
    find,
    archive(id) {
      const { state } = find(id);
      if (state !== 'done') throw new DirectoryError('state', `the run ${id} of the checks is ${state}`);
      return Readable.toWeb(createReadStream(fileOf(id))) as unknown as ReadableStream<Uint8Array>;
    },
  };
}

/** Goes with the process. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'anchorage-checks-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
