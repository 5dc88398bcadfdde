/**
 * What stands next to a published bundle: checksum, lint report, history (REQ-TB-12), and how it is served.
 *
 * Files are pure values here; who publishes writes them into the folder of any web server, or serves them by
 * `bundleReply`.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { HttpReply, HttpRequest } from '../../http/server.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { diffBundles } from './diff.ts';
import { anchorJson } from './event-text.ts';
import { lintBundle } from './lint.ts';
import { noteText } from './note.ts';
import { readBundle } from './read.ts';

const entry = z.object({
  /** From 1. */
  number: z.int().positive(),
  /** ISO 8601 UTC. */
  at: z.string(),
  sha256: z.string(),
  octets: z.int(),
  anchors: z.int(),
  added: z.array(z.string()),
  removed: z.array(z.string()),
  changed: z.array(z.string()),
});

export const historySchema = z.array(entry);

export type History = z.output<typeof historySchema>;

export interface PublishedFile {
  /** Relative to the folder. */
  readonly path: string;
  readonly body: Uint8Array | string;
}

export interface Publication {
  readonly sha256: string;
  /** Whether it is another bundle than the last one. */
  readonly changed: boolean;
  readonly history: History;
  /** In the order in which they are to be written: the bundle itself last. */
  readonly files: readonly PublishedFile[];
}

export interface PublishInput {
  /** Name of the file without ending. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The bundle that is published now, if any. */
  readonly before?: Uint8Array;
  readonly history: History;
  /** ms since 1970 UTC. */
  readonly at: number;
  readonly url?: string;
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** `.p7m` for a signed bundle, `.p7b` for an unsigned one. */
export const endingOf = (bytes: Uint8Array, at: number): 'p7b' | 'p7m' =>
  readBundle(bytes, { at }).form === 'signed' ? 'p7m' : 'p7b';

/** @throws {BundleError} when the octets are no bundle */
export function publication({ name, bytes, before, history, at, url }: PublishInput): Publication {
  const bundle = readBundle(bytes, { at });
  const ending = bundle.form === 'signed' ? 'p7m' : 'p7b';
  const sha256 = digest(bytes);
  const last = before && readBundle(before, { at });
  const changed = !before || history.length === 0 || digest(before) !== sha256;
  const file = `${name}.${ending}`;
  const report = lintBundle(bundle, { at, file, ...(url ? { url } : {}) });
  const lint = report.map((note) => ({ ...note, text: noteText(note) }));
  const grown = changed
    ? [...history, historyEntry(history, bundle.certificates, last?.certificates ?? [], bytes, at)]
    : history;
  const number = grown.at(-1)?.number ?? 1;
  const index = {
    schema: 1,
    name,
    file,
    sha256,
    etag: etagOf(sha256),
    octets: bytes.length,
    number,
    publishedAt: grown.at(-1)?.at,
    anchors: bundle.certificates.map(anchorJson),
  };
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  return {
    sha256,
    changed,
    history: grown,
    files: [
      { path: `history/${name}-${number}.${ending}`, body: bytes },
      { path: `${name}.history.json`, body: json(grown) },
      { path: `${name}.lint.json`, body: json({ schema: 1, at: new Date(at).toISOString(), notes: lint }) },
      { path: `${name}.json`, body: json(index) },
      { path: `${file}.sha256`, body: `${sha256}  ${file}\n` },
      { path: file, body: bytes },
    ],
  };
}

function historyEntry(
  history: History,
  now: readonly Certificate[],
  before: readonly Certificate[],
  bytes: Uint8Array,
  at: number,
): History[number] {
  const diff = diffBundles(before, now);
  const names = (list: readonly Certificate[]) =>
    list.map((one) => `${anchorJson(one).subject} ${one.sha256}`);
  return {
    number: (history.at(-1)?.number ?? 0) + 1,
    at: new Date(at).toISOString(),
    sha256: digest(bytes),
    octets: bytes.length,
    anchors: now.length,
    added: names(diff.added),
    removed: names(diff.removed),
    changed: names(diff.changed.map(({ after }) => after)),
  };
}

/** Strong: from the octets alone. */
export const etagOf = (sha256: string): string => `"${sha256.slice(0, 32)}"`;

/** Media types of wire-facts §9. */
export const mediaTypeOf = (path: string): string => {
  if (path.endsWith('.p7m')) return 'application/pkcs7-mime';
  if (/\.p7[bc]$/.test(path)) return 'application/x-pkcs7-certificates';
  return path.endsWith('.json') ? 'application/json' : 'text/plain; charset=utf-8';
};

/** Answers GET and HEAD for one file, 304 where the client has these octets already (RFC 9110 §13.1.2). */
export function bundleReply(
  request: Pick<HttpRequest, 'method' | 'headers'>,
  path: string,
  bytes: Uint8Array,
): HttpReply {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return { status: 405, headers: { allow: 'GET, HEAD' } };
  const etag = etagOf(digest(bytes));
  const headers = { etag, 'cache-control': 'no-cache' };
  const known = (request.headers['if-none-match'] ?? '')
    .split(',')
    .map((one) => one.trim().replace(/^W\//, ''));
  if (known.includes(etag) || known[0] === '*') return { status: 304, headers };
  return { status: 200, headers: { ...headers, 'content-type': mediaTypeOf(path) }, body: bytes };
}
