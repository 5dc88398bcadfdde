/**
 * `anchorage message open`: what a message from disk holds, stage by stage, and where it goes wrong.
 *
 * @module
 */
import { createReadStream, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Command, Option } from 'commander';
import { realHost } from '../../net/real.ts';
import type { Profile } from '../../pki/path/input.ts';
import { createRevocationCache } from '../../pki/revocation.ts';
import { onlineFetcher } from '../cert/online.ts';
import { readAt } from '../cert/time.ts';
import { Failure } from '../failure.ts';
import { note, out } from '../terminal.ts';
import { answerLine } from './batch.ts';
import { dissecting, offline, type Sources } from './dissecting.ts';
import { certificatesOf, KeyError, octets, readKeys } from './keys.ts';
import { lines } from './print.ts';
import { told } from './told.ts';

interface OpenOptions {
  readonly key?: string;
  readonly cert?: string;
  readonly p12?: string;
  readonly password?: string;
  readonly passwordFile?: string;
  readonly anchor: string[];
  readonly at?: string;
  readonly profile: Profile;
  readonly requireRevocation: boolean;
  readonly fetch: boolean;
  readonly allowPrivate: string[];
  readonly format: 'console' | 'json';
  readonly out?: string;
  readonly batch?: string | true;
}

export function defineOpen(command: Command): void {
  withKeys(command)
    .description('take a message apart: encryption, signature, trust, wrapping, MIME, notice')
    .argument('[file]', 'an e-mail, a MIME entity, or a CMS object in DER or PEM; - is stdin')
    .option('--anchor <file...>', 'certificates that are trusted; without them nothing is said of trust', [])
    .option('--at <time>', 'the time that counts, such as 2026-03-01T12:00:00Z; default: now')
    .addOption(profileOption())
    .option('--require-revocation', 'unknown revocation is not good enough', false)
    .option('--no-fetch', 'use what is given, and ask no AIA, CRL or OCSP address')
    .option('--allow-private <ip...>', 'private addresses that may be fetched from', [])
    .addOption(
      new Option('--format <format>', 'form of the result').choices(['console', 'json']).default('console'),
    )
    .option('--out <file>', 'write the unwrapped message to a file; nothing of it is changed')
    .option('--batch [file]', 'answer one JSON object a line, of a file or of stdin; nothing is fetched')
    .addHelpText('after', HELP)
    .action(async (file: string | undefined, options: OpenOptions) => {
      process.exitCode =
        options.batch === undefined ? await openOne(file, options) : await openBatch(options.batch);
    });
}

const HELP = `
A line of --batch: {"id", "file", "key", "cert", "p12", "password", "anchors": [], "at", "profile"}
  Its answer: {"id", "status", "kind", "firstCause", "sha256", "stages": []}; a line that cannot be
  understood, or that names a file which cannot be read, is answered with {"error"}, and the rest goes on.
Exit code: 0 nothing failed (a batch: all lines were answered), 1 a stage failed, 2 bad usage.`;

/** `--key`, `--cert`, `--p12`, `--password`. */
export const withKeys = (command: Command): Command =>
  command
    .option('--key <file>', 'private key, PEM or DER')
    .option('--cert <file>', 'its certificate; without it every recipient of the message is tried')
    .option('--p12 <file>', 'a PKCS #12 file with key and certificates')
    .option('--password <text>', 'of the PKCS #12 file or the key; other users of this machine may see it')
    .option('--password-file <file>', 'file with the password, instead');

export const profileOption = (): Option =>
  new Option('--profile <profile>', 'floors for keys, ciphers and signatures; permissive is for old material')
    .choices(['1.2', '1.3', 'permissive'])
    .default('1.3');

/** @throws {KeyError} */
export function passwordOf({
  password,
  passwordFile,
}: {
  readonly password?: string;
  readonly passwordFile?: string;
}): string | undefined {
  if (passwordFile === undefined) return password;
  return Buffer.from(octets(passwordFile))
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

async function openOne(file: string | undefined, options: OpenOptions): Promise<number> {
  if (file === undefined) {
    throw new Failure('which message? name its file', {
      hint: 'Several at once: anchorage message open --batch < questions.ndjson',
      exitCode: 2,
    });
  }
  const host = realHost({ name: 'message' });
  return usable(async () => {
    const at = options.at === undefined ? host.now() : readAt(options.at);
    const sources: Sources = options.fetch
      ? {
          fetcher: onlineFetcher(host, options.allowPrivate),
          cache: { revocation: createRevocationCache(), issuers: new Map() },
        }
      : offline();
    const dissection = await dissecting(
      {
        bytes: octets(file),
        keys: readKeys({ ...options, password: passwordOf(options) }),
        anchors: options.anchor.flatMap(certificatesOf),
        at,
        profile: options.profile,
        revocation: options.requireRevocation ? 'require' : 'soft',
      },
      sources,
    );
    if (options.format === 'json') out(JSON.stringify(told(dissection, { ...options, at }), null, 2));
    else for (const line of lines(dissection)) out(line);
    if (options.out !== undefined) writeMessage(options.out, dissection.message);
    return dissection.status === 'fail' ? 1 : 0;
  });
}

function writeMessage(file: string, message: Uint8Array | undefined): void {
  if (!message) {
    note(`${file} was not written: the message was not opened`);
    return;
  }
  writeFileSync(file, message, { mode: 0o600 });
}

/** What cannot be had or understood is bad usage. */
export async function usable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof KeyError || error instanceof RangeError)
      throw new Failure(error.message, { exitCode: 2 });
    throw error;
  }
}

/** Answers in the order of the questions. */
async function openBatch(file: string | true): Promise<number> {
  const input = file === true || file === '-' ? process.stdin : createReadStream(file);
  const now = realHost({ name: 'message' }).now();
  const failed = new Promise<never>((_, reject) => {
    input.once('error', (error: Error) =>
      reject(new Failure(`${file} cannot be read: ${error.message}`, { exitCode: 2 })),
    );
  });
  const answered = (async () => {
    let number = 0;
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number++;
      if (text.trim() === '') continue;
      const answer = `${JSON.stringify(await answerLine(text, number, now))}\n`;
      await new Promise<void>((resolve) => process.stdout.write(answer, () => resolve()));
    }
  })();
  await Promise.race([answered, failed]);
  return 0;
}
