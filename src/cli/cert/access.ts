/**
 * Who uses the keys of an authority, with what secret, why, and by whose approval: options that every verb has which uses
 * a key.
 *
 * @module
 */
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { CustodyError } from '../../custody/error.ts';
import { realHost } from '../../net/real.ts';
import { PkiError } from '../../pki/error.ts';
import { Failure } from '../failure.ts';
import { passphraseIn, type SecretOptions, secretOf, withSecret } from './secret.ts';

export interface AccessOptions extends SecretOptions {
  readonly dir: string;
  readonly who?: string;
  readonly why?: string;
  readonly personPassphraseFile?: string;
  readonly request?: boolean;
  readonly approval?: string;
}

export interface Access {
  /** Of the sealed keys; asked for only where one is opened. @throws {Failure} */
  readonly secret: () => Uint8Array;
  readonly who: string;
  readonly why?: string;
  /** The passphrase of the person's own key. @throws {Failure} */
  readonly personal: () => string;
  /** Ask another person instead of doing it. */
  readonly request: boolean;
  readonly approval?: string;
}

export const withDir = (command: Command): Command =>
  command.option('--dir <folder>', 'folder of the authority', 'authority');

export const withPerson = (command: Command): Command =>
  command
    .option('--who <name>', 'who you are, for the log; default: your user name here')
    .option(
      '--person-passphrase-file <file>',
      `file with your own passphrase, where two persons are asked for (or ${PERSONAL})`,
    );

export const withAccess = (command: Command): Command =>
  withPerson(withSecret(withDir(command)))
    .option('--why <text>', 'why, for the log')
    .option('--request', 'do not do it, but ask another person to approve it', false)
    .option('--approval <id>', 'do what was approved under this number');

const PERSONAL = 'ANCHORAGE_PERSON_PASSPHRASE';

export const accessOf = (options: AccessOptions): Access => ({
  secret: () => secretOf(options),
  who: options.who ?? userInfo().username,
  ...(options.why !== undefined && { why: options.why }),
  personal: () => personalOf(options),
  request: options.request ?? false,
  ...(options.approval !== undefined && { approval: options.approval }),
});

/** @throws {Failure} there is none */
export function personalOf({ personPassphraseFile }: Pick<AccessOptions, 'personPassphraseFile'>): string {
  if (personPassphraseFile !== undefined) return passphraseIn(personPassphraseFile);
  const given = process.env[PERSONAL];
  if (given) return given;
  throw new Failure('your own passphrase is missing', {
    hint: `Give it: --person-passphrase-file FILE, or ${PERSONAL} in the environment.`,
    exitCode: 2,
  });
}

/** Says that a request was written instead of the work being done. */
export class Requested extends Error {
  override readonly name = 'Requested';
}

/** Runs a verb: what custody and certificates say becomes what a person reads. */
export async function acting(work: () => Promise<void> | void): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Requested) return;
    if (error instanceof CustodyError || error instanceof PkiError)
      throw new Failure(error.message, { exitCode: 2 });
    throw error;
  }
}

export const clock = (): number => realHost({ name: 'cert' }).now();
