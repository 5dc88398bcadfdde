/**
 * Private keys, and what else is secret, at rest: AES-256-GCM under a key that lies in a file of its own. While that key is being changed the file
 * holds several: the first seals, each opens.
 *
 * @module
 */
import { createCipheriv, createDecipheriv, createPrivateKey, type KeyObject, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeWhole } from '../custody/whole-file.ts';

/** Sealing keys of 32 octets one after another, usually one: the first seals, each opens. */
export type SealKey = Uint8Array;

const VERSION = 1;
const LENGTH = 32;

/** The key in `file`; makes one, readable by its owner alone, when there is none. @throws {Error} not a key */
export function sealKey(file: string): SealKey {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, textOf([randomBytes(LENGTH)]), { mode: 0o600, flag: 'wx', flush: true });
    chmodSync(file, 0o600);
  }
  const keys = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => Buffer.from(line, 'base64'));
  const wrong = keys.find((key) => key.length !== LENGTH);
  if (wrong) throw new Error(`${file}: expected 32 octets in base64, found ${wrong.length}`);
  return Buffer.concat(keys);
}

const textOf = (keys: readonly Uint8Array[]): string =>
  keys.map((key) => `${Buffer.from(key).toString('base64')}\n`).join('');

const each = (key: SealKey): Uint8Array[] =>
  Array.from({ length: key.length / LENGTH }, (_, i) => key.subarray(i * LENGTH, (i + 1) * LENGTH));

/**
 * Changes the sealing key: a new one is put in front of the old, everything is sealed anew, then the old ones go. A crash
 * in between leaves a file whose keys open everything; the next change finishes it.
 *
 * @param reseal seals everything anew with the key it is given, which opens the old as well; all on disk when it resolves
 * @throws what `reseal` throws; both keys stay then
 */
export async function changeSealKey(file: string, reseal: (key: SealKey) => Promise<void>): Promise<void> {
  const fresh = randomBytes(LENGTH);
  const old = each(sealKey(file));
  writeWhole(file, textOf([fresh, ...old]), 0o600);
  await reseal(sealKey(file));
  writeWhole(file, textOf([fresh]), 0o600);
}

/** version · nonce (12) · tag (16) · PKCS #8. `name` binds the result to its owner: it opens under no other name. */
export const sealPrivateKey = (key: SealKey, name: string, privateKey: KeyObject): Uint8Array =>
  sealBytes(key, name, privateKey.export({ type: 'pkcs8', format: 'der' }));

/** @throws {Error} when it was sealed with another key or name, or changed */
export const openPrivateKey = (key: SealKey, name: string, sealed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.from(openBytes(key, name, sealed)), format: 'der', type: 'pkcs8' });

/** Octets of any kind, in the form of sealed keys. */
export function sealBytes(key: SealKey, name: string, bytes: Uint8Array): Uint8Array {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key.subarray(0, LENGTH), nonce);
  cipher.setAAD(Buffer.from(name));
  const sealed = [cipher.update(bytes), cipher.final()];
  return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), ...sealed]);
}

/** @throws {Error} when they were sealed with another key or name, or changed */
export function openBytes(key: SealKey, name: string, sealed: Uint8Array): Uint8Array {
  if (sealed[0] !== VERSION) throw new Error(`a sealed key of unknown version ${sealed[0]}`);
  let failure: unknown;
  for (const one of each(key)) {
    try {
      const decipher = createDecipheriv('aes-256-gcm', one, sealed.subarray(1, 13), { authTagLength: 16 });
      decipher.setAAD(Buffer.from(name));
      decipher.setAuthTag(sealed.subarray(13, 29));
      return Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()]);
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}
