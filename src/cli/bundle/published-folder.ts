/**
 * A folder with published bundles, for any web server: written by `bundle publish` and by `up` alike.
 *
 * @module
 */
import { join } from 'node:path';
import { CmsError } from '../../cms/error.ts';
import { readSigned } from '../../cms/signed.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { readFileIfAny, writeDurably } from '../../trust/bundle/durable-file.ts';
import { BundleError } from '../../trust/bundle/error.ts';
import { type History, historySchema, type Publication, publication } from '../../trust/bundle/publish.ts';
import { readBundle } from '../../trust/bundle/read.ts';
import { Failure } from '../failure.ts';

export interface PublishedAt {
  readonly folder: string;
  /** Where the folder will be found. */
  readonly url?: string;
  /** The bundle as it was signed; it is published in place of the unsigned one. */
  readonly signed?: Uint8Array;
  /** ms since 1970 UTC. */
  readonly at: number;
}

/**
 * Publishes a bundle. What did not change is not written again, so that ETag and
 * history stay.
 *
 * @param name of the file, without ending
 * @throws {Failure} when the history in the folder cannot be read
 */
export function publishBundle(
  name: string,
  plain: Uint8Array,
  { folder, url, signed, at }: PublishedAt,
): Publication {
  const file = `${name}.${signed ? 'p7m' : 'p7b'}`;
  const before = readFileIfAny(join(folder, file));
  const history = historyIn(join(folder, `${name}.history.json`));
  const bytes = signed ?? plain;
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

/**
 * The signed bundle in the folder, when this signer signed exactly this bundle: another signature over it would say nothing
 * new, but be other octets.
 */
export function signedBefore(
  name: string,
  plain: Uint8Array,
  signer: Certificate,
  { folder, at }: Pick<PublishedAt, 'folder' | 'at'>,
): Uint8Array | undefined {
  const before = readFileIfAny(join(folder, `${name}.p7m`));
  if (!before) return undefined;
  try {
    readBundle(before, { at, pins: [{ certificate: signer, as: 'signer' }] });
    const { eContent } = readSigned(before);
    return eContent && Buffer.compare(eContent, plain) === 0 ? before : undefined;
  } catch (error) {
    // what another signer signed is signed anew
    if (error instanceof BundleError || error instanceof CmsError) return undefined;
    throw error;
  }
}

function historyIn(file: string): History {
  const text = readFileIfAny(file);
  if (!text) return [];
  const parsed = historySchema.safeParse(JSON.parse(text.toString('utf8')));
  if (!parsed.success) throw new Failure(`${file} is not the history of a bundle`, { exitCode: 2 });
  return parsed.data;
}
