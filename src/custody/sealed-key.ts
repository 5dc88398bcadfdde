/**
 * Private keys in files: PKCS #8 under AES-256-GCM, with a key that scrypt derives from a passphrase or from the content
 * of a key file. A sealed key opens only beside the public key that it was sealed for.
 *
 * @module
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  type KeyObject,
  randomBytes,
  scryptSync,
} from 'node:crypto';
import { z } from 'zod';

export class SealError extends Error {
  override readonly name = 'SealError';
}

/** 2^15 rounds of 8 kB: 32 MiB and about 60 ms for each guess. */
const COST = { n: 32_768, r: 8, p: 1 } as const;
/** Memory is 128 · n · r octets: 128 MiB for a foreign file. */
const MOST = { n: 1_048_576, r: 32, p: 16, product: 1_048_576 } as const;

const base64 = z.base64().max(100_000);
const sealed = z.strictObject({
  schema: z.literal(1),
  cipher: z.literal('aes-256-gcm'),
  kdf: z.literal('scrypt'),
  n: z.int().min(1024).max(MOST.n),
  r: z.int().min(1).max(MOST.r),
  p: z.int().min(1).max(MOST.p),
  salt: base64,
  nonce: base64,
  tag: base64,
  sealed: base64,
});

/**
 * @param secret passphrase, or octets of a key file
 * @param spki the public key, in DER
 * @returns the text of the file
 */
export function sealKey(privateKey: KeyObject, secret: Uint8Array, spki: Uint8Array): string {
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', derive(secret, salt, COST), nonce);
  cipher.setAAD(identity(spki));
  const body = Buffer.concat([
    cipher.update(privateKey.export({ type: 'pkcs8', format: 'der' })),
    cipher.final(),
  ]);
  const file: z.infer<typeof sealed> = {
    schema: 1,
    cipher: 'aes-256-gcm',
    kdf: 'scrypt',
    ...COST,
    salt: salt.toString('base64'),
    nonce: nonce.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    sealed: body.toString('base64'),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** @throws {SealError} no sealed key; another secret, another certificate, or a changed file */
export function openKey(text: string, secret: Uint8Array, spki: Uint8Array): KeyObject {
  const file = read(text);
  const octets = (value: string): Buffer => Buffer.from(value, 'base64');
  if (octets(file.nonce).length !== 12 || octets(file.tag).length !== 16)
    throw new SealError('the sealed key is damaged');
  try {
    const key = derive(secret, octets(file.salt), file);
    const decipher = createDecipheriv('aes-256-gcm', key, octets(file.nonce), { authTagLength: 16 });
    decipher.setAAD(identity(spki));
    decipher.setAuthTag(octets(file.tag));
    const der = Buffer.concat([decipher.update(octets(file.sealed)), decipher.final()]);
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } catch (error) {
    const why = 'the key does not open: wrong passphrase or key file, another certificate, or a changed file';
    throw new SealError(why, { cause: error });
  }
}

function read(text: string): z.infer<typeof sealed> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new SealError('this is no sealed key', { cause: error });
  }
  const parsed = sealed
    .refine(({ n, r }) => n * r <= MOST.product, 'it asks for too much memory')
    .safeParse(json);
  if (!parsed.success) throw new SealError(`this is no sealed key: ${parsed.error.issues[0]?.message}`);
  return parsed.data;
}

function derive(
  secret: Uint8Array,
  salt: Uint8Array,
  { n, r, p }: { readonly n: number; readonly r: number; readonly p: number },
): Buffer {
  return scryptSync(secret, salt, 32, { N: n, r, p, maxmem: 128 * n * r + 1024 * 1024 * p });
}

const identity = (spki: Uint8Array): Buffer => createHash('sha256').update(spki).digest();
