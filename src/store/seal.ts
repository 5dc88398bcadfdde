/**
 * Private keys at rest: AES-256-GCM under a key that lies in a file of its own.
 *
 * @module
 */
import { createCipheriv, createDecipheriv, createPrivateKey, type KeyObject, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A sealing key: 32 octets. */
export type SealKey = Uint8Array;

const VERSION = 1;

/** The key in `file`; makes one, readable by its owner alone, when there is none. @throws {Error} not a key */
export function sealKey(file: string): SealKey {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
    chmodSync(file, 0o600);
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  if (key.length !== 32) throw new Error(`${file}: expected 32 octets in base64, found ${key.length}`);
  return key;
}

/** version · nonce (12) · tag (16) · PKCS #8. `name` binds the result to its owner: it opens under no other name. */
export function sealPrivateKey(key: SealKey, name: string, privateKey: KeyObject): Uint8Array {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(name));
  const sealed = [cipher.update(privateKey.export({ type: 'pkcs8', format: 'der' })), cipher.final()];
  return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), ...sealed]);
}

/** @throws {Error} when it was sealed with another key or name, or changed */
export function openPrivateKey(key: SealKey, name: string, sealed: Uint8Array): KeyObject {
  if (sealed[0] !== VERSION) throw new Error(`a sealed key of unknown version ${sealed[0]}`);
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 13));
  decipher.setAAD(Buffer.from(name));
  decipher.setAuthTag(sealed.subarray(13, 29));
  const der = Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}
