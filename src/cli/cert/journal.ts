/**
 * The ceremony log of an authority's folder: `journal.ndjson`, and `journal.head`, which says where it stood, so that
 * entries that were taken off the end are missed.
 *
 * @module
 */
import { appendFileSync, existsSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type CeremonyCheck,
  type CeremonyFacts,
  ceremonyLine,
  checkCeremonyLog,
  type Head,
  START,
} from '../../custody/ceremony-log.ts';
import { readIfThere, writeWhole } from '../../custody/whole-file.ts';
import { Failure } from '../failure.ts';

const headSchema = z.strictObject({ seq: z.int().min(0), hash: z.string().regex(/^[0-9a-f]{64}$/) });

export interface Journal {
  /** Appends, on disk when it returns. @throws {Failure} the log was changed, or another process writes */
  readonly note: (facts: CeremonyFacts) => void;
  readonly check: () => CeremonyCheck;
}

/** @param now ms since 1970 UTC */
export function openJournal(folder: string, now: () => number): Journal {
  const file = join(folder, 'journal.ndjson');
  const headFile = join(folder, 'journal.head');
  const known = (): Head => {
    const text = readIfThere(headFile);
    if (text === undefined) return START;
    const parsed = headSchema.safeParse(JSON.parse(text));
    if (!parsed.success) throw new Failure(`${headFile} does not say where the log stands`, { exitCode: 2 });
    return parsed.data;
  };
  const check = (): CeremonyCheck => checkCeremonyLog(readIfThere(file) ?? '', known());
  return {
    check,
    note(facts) {
      withLock(join(folder, 'journal.lock'), () => {
        setOlderAside(file, headFile);
        const checked = check();
        if (!checked.ok) throw logChanged(folder, checked);
        const next = ceremonyLine(checked.head, now(), facts);
        appendFileSync(file, `${next.line}\n`, { mode: 0o600, flush: true });
        writeWhole(headFile, `${JSON.stringify(next.head)}\n`, 0o600);
      });
    },
  };
}

/** What is said wherever the log does not hold. */
export const logChanged = (folder: string, at: { readonly line: number; readonly why: string }): Failure =>
  new Failure(`${join(folder, 'journal.ndjson')} was changed: line ${at.line}: ${at.why}`, {
    hint: 'No key is used until this is explained: put a copy from before back beside journal.head.',
    exitCode: 2,
  });

/** Logs from before there was a chain keep their lines in a file of their own. */
function setOlderAside(file: string, headFile: string): void {
  if (existsSync(headFile) || !existsSync(file)) return;
  if (!readFileSync(file, 'utf8').startsWith('{"seq":'))
    renameSync(file, file.replace(/ndjson$/, 'older.ndjson'));
}

function withLock(lock: string, work: () => void): void {
  if (existsSync(lock) && !isAlive(Number(readFileSync(lock, 'utf8')))) unlinkSync(lock);
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new Failure('another process is using this authority at this moment', {
      hint: `Try again. If none is, remove ${lock}`,
      exitCode: 2,
    });
  }
  try {
    work();
  } finally {
    unlinkSync(lock);
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
