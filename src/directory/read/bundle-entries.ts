/**
 * Splits a FHIR Bundle into its entries without reading it whole: follows strings and brackets only, and gives each
 * element of the top-level `entry` list to `JSON.parse`.
 *
 * @module
 */
import { isUtf8 } from 'node:buffer';
import { DirectoryError } from '../error.ts';
import type { Chunks } from './item.ts';

export type BundleEntry =
  | { readonly fullUrl?: string; readonly resource: unknown }
  /** What was found instead. */
  | { readonly wrong: string };

const MAX_ENTRY = 1 << 20;
const MAX_KEY = 1000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/** @throws {DirectoryError} `format`: it is not a JSON object, or ends in the middle */
export function* bundleEntries(chunks: Chunks): Generator<BundleEntry> {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let inEntries = false;
  let key: number[] = [];
  let lastKey = '';
  let parts: Uint8Array[] | undefined;
  let size = 0;
  let ended = false;
  let started = false;

  for (const chunk of chunks) {
    let from = 0;
    for (let i = 0; i < chunk.length; i++) {
      const octet = chunk[i]!;
      if (inString) {
        if (escaped) escaped = false;
        else if (octet === BACKSLASH) escaped = true;
        else if (octet === QUOTE) {
          inString = false;
          if (depth === 1) lastKey = Buffer.from(key).toString('utf8');
        } else if (depth === 1 && key.length < MAX_KEY) key.push(octet);
        continue;
      }
      if (octet === QUOTE) {
        inString = true;
        if (depth === 1) key = [];
        continue;
      }
      if (octet === OPEN || octet === OPEN_LIST) {
        if (!started && octet !== OPEN) throw broken('it does not begin with {');
        started = true;
        if (ended) throw broken('something follows its end');
        depth += 1;
        if (depth > MAX_DEPTH) throw broken(`it is nested more than ${MAX_DEPTH} deep`);
        if (depth === 2 && octet === OPEN_LIST && lastKey === 'entry') inEntries = true;
        if (depth === 3 && inEntries) {
          parts = [];
          size = 0;
          from = i;
        }
      } else if (octet === CLOSE || octet === CLOSE_LIST) {
        depth -= 1;
        if (depth < 0) throw broken('it closes more than it opens');
        if (depth === 0) ended = true;
        if (depth === 1) inEntries = false;
        if (depth === 2 && parts) {
          parts.push(chunk.subarray(from, i + 1));
          size += i + 1 - from;
          yield size > MAX_ENTRY ? { wrong: `an entry of ${size} octets` } : parsed(Buffer.concat(parts));
          parts = undefined;
        }
      } else if (!started && octet > 0x20 && octet < 0x80) throw broken('it does not begin with {');
    }
    if (parts) {
      // a copy: the piece may be reused
      if (size <= MAX_ENTRY) parts.push(Uint8Array.prototype.slice.call(chunk, from));
      size += chunk.length - from;
    }
    // the entry goes on at the start of the next piece
    from = 0;
  }
  if (!ended) throw broken('it ends in the middle');
}

const MAX_DEPTH = 100;

const broken = (why: string): DirectoryError =>
  new DirectoryError('format', `the bundle is not JSON: ${why}`);

function parsed(bytes: Buffer): BundleEntry {
  if (!isUtf8(bytes)) return { wrong: 'an entry that is not UTF-8' };
  try {
    const value = JSON.parse(bytes.toString('utf8')) as { fullUrl?: unknown; resource?: unknown };
    if (typeof value.resource !== 'object' || value.resource === null)
      return { wrong: 'an entry without a resource' };
    return {
      resource: value.resource,
      ...(typeof value.fullUrl === 'string' ? { fullUrl: value.fullUrl } : {}),
    };
  } catch (error) {
    return { wrong: `an entry that is not JSON (${(error as Error).message})` };
  }
}
