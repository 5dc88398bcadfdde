/**
 * Bodies of requests into files, and text of any size into answers: piece by piece, as the other side takes them.
 *
 * @module
 */
import { createWriteStream, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { strToU8, Zip, ZipDeflate } from 'fflate';
import { DirectoryError } from '../../src/directory/error.ts';

/** A file that somebody sends: a million entries are about 300 MB as CSV. */
export const MAX_FILE = 1 << 30;

export interface Upload {
  readonly path: string;
  remove(): Promise<void>;
}

/** Lays a body aside. @param name what the file is called in the history @throws {DirectoryError} `source` */
export async function keepUpload(body: ReadableStream<Uint8Array> | null, name: string): Promise<Upload> {
  if (!body) throw new DirectoryError('source', 'the request has no body; expected the file');
  const folder = mkdtempSync(join(tmpdir(), 'anchorage-upload-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const safe =
    basename(name)
      .replaceAll(/[^\w.-]+/g, '-')
      .slice(0, 100) || 'upload';
  const path = join(folder, safe.startsWith('.') ? `upload${safe}` : safe);
  let size = 0;
  const bounded = new Transform({
    transform(piece: Uint8Array, _encoding, done) {
      size += piece.length;
      if (size > MAX_FILE) done(new DirectoryError('source', `the file has more than ${MAX_FILE} octets`));
      else done(null, piece);
    },
  });
  try {
    await pipeline(Readable.fromWeb(body as never), bounded, createWriteStream(path, { mode: 0o600 }));
    return { path, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

const PIECE = 256 << 10;

/** Text as octets; each piece is made when it is asked for, so others have their turn between two. */
export function textStream(pieces: Iterable<string>): ReadableStream<Uint8Array> {
  return streamOf(gathered(pieces));
}

/** The same as the one file of a ZIP. */
export function zipStream(name: string, day: string, pieces: Iterable<string>): ReadableStream<Uint8Array> {
  return streamOf(zipped(name, day, pieces));
}

function* gathered(pieces: Iterable<string>): Generator<Uint8Array> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length >= PIECE) {
      yield strToU8(text);
      text = '';
    }
  }
  if (text !== '') yield strToU8(text);
}

function* zipped(name: string, day: string, pieces: Iterable<string>): Generator<Uint8Array> {
  let made: Uint8Array[] = [];
  const zip = new Zip((error, data) => {
    if (error) throw error;
    made.push(data);
  });
  const file = new ZipDeflate(name, { level: 6 });
  file.mtime = new Date(Date.parse(`${day}T00:00:00Z`));
  zip.add(file);
  for (const piece of gathered(pieces)) {
    file.push(piece);
    yield* made;
    made = [];
  }
  file.push(new Uint8Array(0), true);
  zip.end();
  yield* made;
}

function streamOf(pieces: Generator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      pull(controller) {
        const next = pieces.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      cancel: () => void pieces.return(undefined),
    },
    { highWaterMark: 2 },
  );
}
