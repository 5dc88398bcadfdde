/**
 * Files that are whole or not there: a crash at any point leaves the old file or the new one.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes beside the file, then takes its place; both are on disk when it returns. What is no ordinary file (`/dev/null`, a
 * pipe) is written to as it stands: it must not be replaced.
 */
export function writeWhole(file: string, content: Uint8Array | string, mode: 0o600 | 0o644): void {
  if (existsSync(file) && !statSync(file).isFile()) {
    writeFileSync(file, content);
    return;
  }
  const draft = `${file}.${randomBytes(6).toString('hex')}.new`;
  writeFileSync(draft, content, { mode, flag: 'wx', flush: true });
  renameSync(draft, file);
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** The file's text; undefined when there is none. */
export const readIfThere = (file: string): string | undefined =>
  existsSync(file) ? readFileSync(file, 'utf8') : undefined;
