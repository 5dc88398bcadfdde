/**
 * A file as octets in pieces, out of its ZIP where it is in one, and with what it is.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { Unzip, UnzipInflate } from 'fflate';
import { DirectoryError } from '../error.ts';

export const FORMATS = ['csv', 'nppes', 'fhir', 'ldif', 'ndjson'] as const;

export type Format = (typeof FORMATS)[number];

export interface Source {
  /** Name without folders. */
  readonly name: string;
  /** Octets of the file as it lies there. */
  readonly size: number;
  readonly sha256: string;
  readonly format: Format;
  /** From the beginning, each time. `onRead` hears how many octets of the file were taken. */
  chunks(onRead?: (octets: number) => void): Iterable<Uint8Array>;
}

const PIECE = 1 << 20;
/** What is taken of a ZIP at a time; inflated it is at most a thousand times as much. */
const ZIP_PIECE = 16 << 10;

/** @throws {DirectoryError} `source`: it cannot be read, or does not say what it is */
export function openSource(file: string, format?: Format): Source {
  const hash = createHash('sha256');
  let size = 0;
  let zipped = false;
  for (const piece of filePieces(file, PIECE)) {
    if (size === 0) zipped = piece.length > 4 && Buffer.from(piece).readUInt32LE(0) === 0x04034b50;
    hash.update(piece);
    size += piece.length;
  }
  const chunks = (onRead: (octets: number) => void = () => undefined): Iterable<Uint8Array> =>
    zipped ? unzipped(file, onRead) : counted(filePieces(file, PIECE), onRead);
  return {
    name: basename(file),
    size,
    sha256: hash.digest('hex'),
    format: format ?? formatOf(chunks(), file),
    chunks,
  };
}

function* filePieces(file: string, size: number): Generator<Uint8Array> {
  let handle: number;
  try {
    handle = openSync(file, 'r');
    if (!fstatSync(handle).isFile()) throw new Error('it is not a file');
  } catch (error) {
    throw new DirectoryError('source', `${file} cannot be read: ${(error as Error).message}`);
  }
  try {
    for (;;) {
      const piece = Buffer.allocUnsafe(size);
      const length = readSync(handle, piece, 0, size, null);
      if (length === 0) return;
      yield piece.subarray(0, length);
    }
  } finally {
    closeSync(handle);
  }
}

function* counted(pieces: Iterable<Uint8Array>, onRead: (octets: number) => void): Generator<Uint8Array> {
  for (const piece of pieces) {
    onRead(piece.length);
    yield piece;
  }
}

/** Folders that macOS adds, hidden files, and the files of an NPPES delivery that are not endpoints. */
const IGNORED = /(^|\/)(__MACOSX\/|\.)|\/$|fileheader|(^|\/)(npidata|othername|pl)_pfile/i;

/** The one file in a ZIP that is a directory. */
function* unzipped(file: string, onRead: (octets: number) => void): Generator<Uint8Array> {
  let out: Uint8Array[] = [];
  let taken: string | undefined;
  let failure: Error | undefined;
  const unzip = new Unzip((entry) => {
    if (IGNORED.test(entry.name)) return;
    if (taken !== undefined) {
      failure ??= new DirectoryError(
        'source',
        `${basename(file)} holds several files: ${taken} and ${entry.name}`,
        { hint: 'Unpack it, and import one after the other.' },
      );
      return;
    }
    taken = entry.name;
    entry.ondata = (error, data) => {
      if (error)
        failure ??= new DirectoryError('source', `${basename(file)} is a damaged ZIP: ${error.message}`);
      else if (data.length > 0) out.push(data);
    };
    entry.start();
  });
  unzip.register(UnzipInflate);
  const push = (piece: Uint8Array, last: boolean): void => {
    try {
      unzip.push(piece, last);
    } catch (error) {
      failure ??= new DirectoryError(
        'source',
        `${basename(file)} is a damaged ZIP: ${(error as Error).message}`,
      );
    }
  };
  for (const piece of filePieces(file, ZIP_PIECE)) {
    onRead(piece.length);
    push(piece, false);
    if (failure) throw failure;
    yield* out;
    out = [];
  }
  push(new Uint8Array(0), true);
  if (failure) throw failure;
  yield* out;
  if (taken === undefined)
    throw new DirectoryError('source', `${basename(file)} holds no file that is a directory`);
}

function formatOf(chunks: Iterable<Uint8Array>, file: string): Format {
  let start = Buffer.alloc(0);
  for (const piece of chunks) {
    start = Buffer.concat([start, piece]);
    if (start.length >= 4096) break;
  }
  const text = start
    .subarray(0, 4096)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (text.startsWith('{')) {
    return /"resourceType"\s*:\s*"Bundle"/.test(text) || /^\{\s*"resourceType"/.test(text)
      ? 'fhir'
      : 'ndjson';
  }
  if (/^(version: *1|dn:|#)/i.test(text)) return 'ldif';
  const [header = ''] = text.split(/\r?\n/, 1);
  if (/^"?NPI"?,"?Endpoint Type"?,/i.test(header)) return 'nppes';
  if (/\.(ldif|ndjson|json)$/i.test(file)) {
    throw new DirectoryError('source', `${basename(file)} does not begin as a file of its kind`, {
      hint: `Say what it is: --as ${FORMATS.join('|')}.`,
    });
  }
  return 'csv';
}
