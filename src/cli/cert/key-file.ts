/**
 * What stands in `NAME.key`: a sealed key, or the name of a key that an external signer holds.
 *
 * @module
 */
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { openKey, SealError } from '../../custody/sealed-key.ts';
import { createSigner, type Signer } from '../../custody/signer-client.ts';
import { signerPlace } from '../../custody/signer-place.ts';
import type { Addr } from '../../net/host.ts';
import { realHost } from '../../net/real.ts';
import { keyPair } from '../../pki/keys.ts';
import type { PrivateKey } from '../../pki/private-key.ts';
import { Failure } from '../failure.ts';
import { passphraseIn } from './secret.ts';

/** A key of the authority, wherever it is. */
export interface AuthorityKey {
  readonly privateKey: PrivateKey;
  readonly publicKey: KeyObject;
  readonly spki: Uint8Array;
}

const heldSchema = z.strictObject({
  schema: z.literal(1),
  held: z.strictObject({
    /** `/path/of.sock`, or `127.0.0.1:7070`. */
    signer: z.string(),
    key: z.string(),
    tokenFile: z.string().optional(),
  }),
});

export type HeldAt = z.infer<typeof heldSchema>['held'];

export const heldFile = (held: HeldAt): string => `${JSON.stringify({ schema: 1, held }, null, 2)}\n`;

/** Where a held key is; undefined for a sealed one. */
export function heldAt(text: string): HeldAt | undefined {
  try {
    const parsed = heldSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data.held : undefined;
  } catch {
    return undefined;
  }
}

/** @throws {Failure} no address of this machine */
export function signerAddress(text: string): Addr {
  const place = signerPlace(text);
  if (place) return place;
  throw new Failure(`"${text}" is no place of a signer`, {
    hint: 'A signer is on this machine: /path/of.sock, or 127.0.0.1:PORT.',
    exitCode: 2,
  });
}

/** Asks the signer for one key, and hangs up after `work`. @throws {CustodyError} */
export async function withHeldKey<T>(held: HeldAt, work: (key: AuthorityKey) => Promise<T>): Promise<T> {
  const signer: Signer = createSigner(realHost({ name: 'cert' }), {
    at: signerAddress(held.signer),
    ...(held.tokenFile !== undefined && { token: passphraseIn(held.tokenFile) }),
  });
  try {
    const key = await signer.key(held.key);
    return await work({ privateKey: key, publicKey: key.publicKey, spki: key.spki });
  } finally {
    signer.close();
  }
}

/** A sealed key. @throws {Failure} */
export function openSealed(
  file: string,
  text: string,
  secret: Uint8Array,
  spki: Uint8Array,
): AuthorityKey & ReturnType<typeof keyPair> {
  try {
    return keyPair(openKey(text, secret, spki));
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    throw new Failure(`${file}: ${error.message}`, { exitCode: 2 });
  }
}
