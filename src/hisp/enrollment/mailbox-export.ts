/**
 * The mailboxes of an organization as a ZIP of its messages: one folder an address, one file a message.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { strToU8, Zip, ZipDeflate } from 'fflate';
import { getBlob } from '../../store/blobs.ts';
import { itemsOf } from '../../store/folder-items.ts';
import { foldersOf } from '../../store/folders.ts';
import type { Scope } from '../../store/scope.ts';
import { TenancyError } from '../tenancy/actor.ts';

export interface MailboxExport {
  readonly messages: number;
  readonly octets: number;
  /** Of the ZIP. */
  readonly sha256: string;
}

/** What a ZIP without the extension for large files can hold, with room for its directory. */
const LARGEST = 3_900_000_000;

export const exportFile = (folder: string, id: string): string => join(folder, `${id}.zip`);

/**
 * Writes `ID.zip`, readable by its owner alone; it is there whole or not at all. One message is in memory at a time.
 *
 * @param at ms since 1970 UTC, the time of the files in it
 * @throws {TenancyError} `conflict` when it is more than a ZIP holds
 * @throws {Error} what the file system said
 */
export async function exportMailboxes(
  scope: Scope,
  { folder, id, at }: { readonly folder: string; readonly id: string; readonly at: number },
  addresses: readonly string[],
): Promise<MailboxExport> {
  const file = exportFile(folder, id);
  const part = `${file}.part`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const out = openSync(part, 'w', 0o600);
  const hash = createHash('sha256');
  let octets = 0;
  let written = 0;
  let messages = 0;
  try {
    const zip = new Zip((error, data) => {
      if (error) throw error;
      hash.update(data);
      written += data.length;
      if (written > LARGEST) throw tooLarge(written);
      for (let from = 0; from < data.length; ) from += writeSync(out, data, from);
    });
    const add = (name: string, bytes: Uint8Array): void => {
      const entry = new ZipDeflate(name, { level: 6 });
      entry.mtime = new Date(Math.max(at, Date.UTC(1980, 0, 2)));
      zip.add(entry);
      entry.push(bytes, true);
    };
    const lines: string[] = [];
    for (const address of addresses) {
      for (const box of await foldersOf(scope, address)) {
        for (const { uid, bytes_sha256, received_at, flags } of await itemsOf(scope, box)) {
          const bytes = await getBlob(scope, bytes_sha256);
          const name = `${plain(address)}/${box.name.split('/').map(plain).join('/')}/${String(uid).padStart(8, '0')}.eml`;
          add(name, bytes);
          messages++;
          octets += bytes.length;
          const entry = {
            file: name,
            received: new Date(received_at).toISOString(),
            flags,
            sha256: bytes_sha256,
          };
          lines.push(JSON.stringify(entry));
        }
      }
    }
    add('messages.ndjson', strToU8(lines.map((line) => `${line}\n`).join('')));
    zip.end();
    fsyncSync(out);
  } finally {
    closeSync(out);
  }
  renameSync(part, file);
  return { messages, octets, sha256: hash.digest('hex') };
}

const tooLarge = (octets: number): TenancyError =>
  new TenancyError(
    'conflict',
    `The mailboxes are more than one ZIP holds (${octets} octets so far). Have some of it fetched by IMAP and removed first; enable an account for that.`,
  );

/** A name that is one part of a path wherever the ZIP is opened. */
const plain = (text: string): string =>
  text
    .replace(/[^A-Za-z0-9@._+ -]+/g, '_')
    .replace(/^\.+/, '_')
    .slice(0, 100) || '_';

export const hasExport = (folder: string, id: string): boolean => existsSync(exportFile(folder, id));

export const removeExport = (folder: string, id: string): void =>
  rmSync(exportFile(folder, id), { force: true });
