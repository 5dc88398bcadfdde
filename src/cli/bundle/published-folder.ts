/**
 * A folder with published bundles, for any web server: written by `bundle publish` and by `up` alike.
 *
 * @module
 */
import { join } from 'node:path';
import type { CmsSigner } from '../../cms/sign.ts';
import { signBundle } from '../../trust/bundle/build.ts';
import { readFileIfAny, writeDurably } from '../../trust/bundle/durable-file.ts';
import { type History, historySchema, type Publication, publication } from '../../trust/bundle/publish.ts';
import { readBundle } from '../../trust/bundle/read.ts';
import { Failure } from '../failure.ts';

export interface PublishedAt {
  readonly folder: string;
  /** Where the folder will be found. */
  readonly url?: string;
  readonly signer?: CmsSigner;
  /** ms since 1970 UTC. */
  readonly at: number;
}

/**
 * Publishes an unsigned bundle, signed if there is a signer. What did not change is not written again, so that ETag and
 * history stay.
 *
 * @param name of the file, without ending
 * @throws {Failure} when the history in the folder cannot be read
 */
export function publishBundle(
  name: string,
  plain: Uint8Array,
  { folder, url, signer, at }: PublishedAt,
): Publication {
  const file = `${name}.${signer ? 'p7m' : 'p7b'}`;
  const before = readFileIfAny(join(folder, file));
  const history = historyIn(join(folder, `${name}.history.json`));
  const bytes = signer ? signedAgain(plain, before, signer, at) : plain;
  const done = publication({
    name,
    bytes,
    history,
    at,
    ...(before ? { before } : {}),
    ...(url ? { url: `${url.replace(/\/$/, '')}/${file}` } : {}),
  });
  for (const one of done.files) {
    const known = readFileIfAny(join(folder, one.path));
    if (!known || Buffer.compare(known, Buffer.from(one.body)) !== 0)
      writeDurably(join(folder, one.path), one.body);
  }
  return done;
}

/** A signature over the same bundle says nothing new, but would be other octets: the old one stays. */
function signedAgain(
  plain: Uint8Array,
  before: Uint8Array | undefined,
  signer: CmsSigner,
  at: number,
): Uint8Array {
  if (before) {
    const pins = [{ certificate: signer.certificate, as: 'signer' as const }];
    const signingTime = signedAt(before, pins, at);
    if (signingTime !== undefined) {
      const same = signBundle(plain, signer, signingTime);
      if (Buffer.compare(same, before) === 0) return same;
    }
  }
  return signBundle(plain, signer, at);
}

function signedAt(
  bytes: Uint8Array,
  pins: Parameters<typeof readBundle>[1]['pins'],
  at: number,
): number | undefined {
  try {
    return readBundle(bytes, { at, ...(pins ? { pins } : {}) }).signature?.signingTime;
  } catch {
    // what another signer signed is signed anew
    return undefined;
  }
}

function historyIn(file: string): History {
  const text = readFileIfAny(file);
  if (!text) return [];
  const parsed = historySchema.safeParse(JSON.parse(text.toString('utf8')));
  if (!parsed.success) throw new Failure(`${file} is not the history of a bundle`, { exitCode: 2 });
  return parsed.data;
}
