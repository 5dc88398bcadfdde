/**
 * The state folder: what has to be the same after a restart. Private keys and tokens are readable by their owner only.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export interface State {
  readonly folder: string;
  path(name: string): string;
  /** The file's text; undefined when it was never written. */
  read(name: string): string | undefined;
  /** Whole or not at all: a crash leaves the old file. */
  write(name: string, text: string, access: 'owner' | 'all'): void;
  remove(name: string): void;
  /** A secret made once. */
  token(name: string): string;
}

/** Opens the folder, making it when it is missing. */
export function openState(folder: string): State {
  const root = resolve(folder);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const path = (name: string) => join(root, name);
  const read = (name: string) => (existsSync(path(name)) ? readFileSync(path(name), 'utf8') : undefined);
  const write: State['write'] = (name, text, access) => {
    const file = path(name);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const mode = access === 'owner' ? 0o600 : 0o644;
    const draft = `${file}.${randomBytes(6).toString('hex')}`;
    writeFileSync(draft, text, { mode });
    // an umask may have taken bits away, never added any; a public file is public
    chmodSync(draft, mode);
    renameSync(draft, file);
  };
  return {
    folder: root,
    path,
    read,
    write,
    remove: (name) => {
      if (existsSync(path(name))) unlinkSync(path(name));
    },
    token(name) {
      const known = read(name)?.trim();
      if (known) return known;
      const made = randomBytes(24).toString('base64url');
      write(name, `${made}\n`, 'owner');
      return made;
    },
  };
}
