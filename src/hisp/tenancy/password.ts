/**
 * Passwords at rest. A password that a person chose is stretched by scrypt (RFC 7914), and the parameters are kept
 * beside the result, so that they can grow. A password that we drew has 120 random bits: there is nothing to guess,
 * and a salted SHA-256 is enough.
 *
 * @module
 */
import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { Host } from '../../net/host.ts';

export interface ScryptCost {
  /** N, a power of two. */
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelization: number;
}

/** 16 MB and about a tenth of a second: as much work as the recommended 128 MB at once. */
export const referenceCost: ScryptCost = { cost: 16_384, blockSize: 8, parallelization: 5 };

const KEY_OCTETS = 32;
const SALT_OCTETS = 16;
/** Longer than any person types; scrypt itself would take more. */
export const LONGEST_PASSWORD = 256;
export const SHORTEST_PASSWORD = 12;

type Stored =
  | { readonly kind: 'chosen'; readonly cost: ScryptCost; readonly salt: Buffer; readonly key: Buffer }
  | { readonly kind: 'drawn'; readonly salt: Buffer; readonly key: Buffer };

/** 32 that are not taken for each other: without i, l, o and 1. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz023456789';
const DRAWN_LETTERS = 24;

/** A password of 24 letters and digits in groups of six. */
export function drawPassword(): string {
  const letters = [...randomBytes(DRAWN_LETTERS)].map((octet) => LETTERS[octet % LETTERS.length]!);
  return letters.join('').replace(/(.{6})(?=.)/g, '$1-');
}

/** The form in which a chosen password is kept. */
export async function hashPassword(
  host: Pick<Host, 'hold'>,
  password: string,
  cost = referenceCost,
): Promise<string> {
  const salt = randomBytes(SALT_OCTETS);
  const key = await stretch(host, password, salt, cost);
  const { cost: n, blockSize, parallelization } = cost;
  return ['scrypt', n, blockSize, parallelization, salt.toString('base64'), key.toString('base64')].join('$');
}

/** The form in which a password that `drawPassword` made is kept. */
export function hashDrawn(password: string): string {
  const salt = randomBytes(SALT_OCTETS);
  return ['sha256', salt.toString('base64'), digest(salt, password).toString('base64')].join('$');
}

/** How an application password is found: it is random, so its digest alone names it. */
export const appPasswordDigest = (password: string): string =>
  createHash('sha256')
    .update(`anchorage application password\n${password.replaceAll('-', '')}`)
    .digest('hex');

/**
 * Whether the password is the one that was kept. Stretches once whatever is kept, and for nobody as well, so that the
 * time tells nothing.
 *
 * @param kept undefined for an account that does not exist
 */
export async function isPassword(
  host: Pick<Host, 'hold'>,
  kept: string | undefined,
  password: string,
  cost = referenceCost,
): Promise<boolean> {
  const stored = kept === undefined ? undefined : readStored(kept);
  const chosen = stored?.kind === 'chosen' ? stored : undefined;
  const key = await stretch(host, password, chosen?.salt ?? NOBODY, chosen?.cost ?? cost);
  if (chosen) return timingSafeEqual(key, chosen.key);
  const drawn = stored ?? { salt: NOBODY, key: NO_KEY };
  const equal = timingSafeEqual(digest(drawn.salt, password), drawn.key);
  return equal && stored !== undefined;
}

const NOBODY = Buffer.alloc(SALT_OCTETS);
const NO_KEY = Buffer.alloc(KEY_OCTETS);

const digest = (salt: Buffer, password: string): Buffer =>
  createHash('sha256').update(salt).update(password).digest();

/** @throws {Error} what is kept is damaged */
function readStored(kept: string): Stored {
  const [kind, ...fields] = kept.split('$');
  const octets = (text: string | undefined, count: number): Buffer => {
    const read = Buffer.from(text ?? '', 'base64');
    if (read.length !== count) throw new Error(`a kept password of kind "${kind}" is damaged`);
    return read;
  };
  if (kind === 'sha256') {
    return { kind: 'drawn', salt: octets(fields[0], SALT_OCTETS), key: octets(fields[1], KEY_OCTETS) };
  }
  if (kind === 'scrypt') {
    const [cost, blockSize, parallelization] = fields.slice(0, 3).map(Number) as [number, number, number];
    return {
      kind: 'chosen',
      cost: { cost, blockSize, parallelization },
      salt: octets(fields[3], SALT_OCTETS),
      key: octets(fields[4], KEY_OCTETS),
    };
  }
  throw new Error(`a kept password is of the unknown kind "${kind}"`);
}

function stretch(
  host: Pick<Host, 'hold'>,
  password: string,
  salt: Buffer,
  cost: ScryptCost,
): Promise<Buffer> {
  const maxmem = 256 * cost.cost * cost.blockSize;
  return host.hold(
    new Promise((resolve, reject) => {
      scrypt(password.normalize('NFC'), salt, KEY_OCTETS, { ...cost, maxmem }, (error, key) =>
        error ? reject(error) : resolve(key),
      );
    }),
  );
}
