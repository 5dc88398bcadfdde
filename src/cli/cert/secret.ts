/**
 * The secret that keys in files are sealed with.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { Failure } from '../failure.ts';

export interface SecretOptions {
  readonly passphraseFile?: string;
  readonly keyFile?: string;
}

const VARIABLE = 'ANCHORAGE_PASSPHRASE';
const LEAST = 8;

export const withSecret = (command: Command): Command =>
  command
    .option(
      '--passphrase-file <file>',
      `file with the passphrase of the keys (or ${VARIABLE} in the environment)`,
    )
    .option('--key-file <file>', 'file whose octets seal the keys, instead of a passphrase');

/** @throws {Failure} there is none, or it is too short */
export function secretOf(options: SecretOptions): Uint8Array {
  const secret = given(options);
  if (secret.length < LEAST)
    throw new Failure(`the passphrase has ${secret.length} octets; at least ${LEAST} are wanted`, {
      exitCode: 2,
    });
  return secret;
}

function given({ passphraseFile, keyFile }: SecretOptions): Uint8Array {
  if (keyFile !== undefined) return readSecret(keyFile);
  if (passphraseFile !== undefined) return Buffer.from(passphraseIn(passphraseFile));
  const passphrase = process.env[VARIABLE];
  if (passphrase) return Buffer.from(passphrase);
  throw new Failure('keys are kept sealed, and there is no passphrase', {
    hint: `Give one: --passphrase-file FILE, --key-file FILE, or ${VARIABLE} in the environment.`,
    exitCode: 2,
  });
}

/** @throws {Failure} */
export function readSecret(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${(error as Error).message}`, { exitCode: 2 });
  }
}

/** The first line end at the end does not count. @throws {Failure} */
export const passphraseIn = (file: string): string =>
  Buffer.from(readSecret(file))
    .toString('utf8')
    .replace(/\r?\n$/, '');
