/**
 * Files that are there whole or not at all, whatever happens to the machine: written beside, flushed, renamed, and the
 * folder flushed too, because the rename is a change of the folder.
 *
 * @module
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** The calls that are made, so that a test can stop between any two. */
export interface FileCalls {
  /** A new file with these octets, flushed. */
  create(path: string, bytes: Uint8Array): void;
  rename(from: string, to: string): void;
  flushFolder(path: string): void;
  remove(path: string): void;
}

/** Synchronous: it takes no virtual time. */
export const fileCalls: FileCalls = {
  create(path, bytes) {
    const file = openSync(path, 'w', 0o644);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  },
  rename: renameSync,
  flushFolder(path) {
    const folder = openSync(path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  },
  remove: unlinkSync,
};

const DRAFT = '.draft';

/** @throws the system's error; then the old file, if any, is as it was */
export function writeDurably(path: string, bytes: Uint8Array | string, calls: FileCalls = fileCalls): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  calls.create(path + DRAFT, typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
  calls.rename(path + DRAFT, path);
  calls.flushFolder(folder);
}

/** The octets; undefined when there is no such file. */
export const readFileIfAny = (path: string): Buffer | undefined =>
  existsSync(path) ? readFileSync(path) : undefined;

/** Takes away what is not to be kept: drafts of a crash, and sets that nobody refers to. */
export function removeOthers(folder: string, keep: ReadonlySet<string>, calls: FileCalls = fileCalls): void {
  for (const name of readdirSync(folder)) if (!keep.has(name)) calls.remove(`${folder}/${name}`);
}
