/**
 * `anchorage cert verify`: whether a certificate leads to an anchor, and if not, why not.
 *
 * @module
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Command, Option } from 'commander';
import { realHost } from '../../net/real.ts';
import { type Cause, sentence } from '../../outcome/cause.ts';
import { PkiError } from '../../pki/error.ts';
import { formatName } from '../../pki/name.ts';
import type { Profile } from '../../pki/path/input.ts';
import { Failure } from '../failure.ts';
import { out, style } from '../terminal.ts';
import { anchorFrom, answerLine } from './batch.ts';
import { type Judgement, judgeCertificate } from './judge.ts';
import { createMaterial, type Material, MaterialError } from './material.ts';
import { onlineSources } from './online.ts';
import { readAt } from './time.ts';
import { told } from './told.ts';

interface VerifyOptions {
  readonly leaf?: string;
  readonly anchor: string[];
  readonly intermediate: string[];
  readonly crl: string[];
  readonly at?: string;
  readonly profile: Profile;
  readonly requireRevocation: boolean;
  readonly fetch: boolean;
  readonly allowPrivate: string[];
  readonly policy?: string[];
  readonly explicitPolicy: boolean;
  readonly inhibitPolicyMapping: boolean;
  readonly inhibitAnyPolicy: boolean;
  readonly name?: string;
  readonly format: 'console' | 'json';
  readonly batch?: string | true;
}

export function defineVerify(command: Command): void {
  command
    .description('whether a certificate leads to an anchor, and if not, why not')
    .option('--leaf <file>', 'the certificate, DER or PEM')
    .option('--anchor <file...>', 'certificates that are trusted', [])
    .option('--intermediate <file...>', 'certificates that may stand between', [])
    .option('--crl <file...>', 'revocation lists', [])
    .option('--at <time>', 'the time that counts, such as 2026-03-01T12:00:00Z; default: now')
    .addOption(
      new Option('--profile <profile>', 'floors for keys and signatures; permissive is for old test material')
        .choices(['1.2', '1.3', 'permissive'])
        .default('1.3'),
    )
    .option('--require-revocation', 'unknown revocation is not good enough', false)
    .option('--no-fetch', 'use what is given, and ask no AIA, CRL or OCSP address')
    .option('--allow-private <ip...>', 'private addresses that may be fetched from', [])
    .option('--policy <oid...>', 'policies that are acceptable; default: any')
    .option('--explicit-policy', 'a policy must be valid along the path', false)
    .option('--inhibit-policy-mapping', 'mappings do not count', false)
    .option('--inhibit-any-policy', 'anyPolicy does not count', false)
    .option('--name <name>', 'address or domain that the certificate must belong to')
    .addOption(
      new Option('--format <format>', 'form of the result').choices(['console', 'json']).default('console'),
    )
    .option('--batch [file]', 'answer one JSON object a line, of a file or of stdin; nothing is fetched')
    .addHelpText('after', HELP)
    .action(async (options: VerifyOptions) => {
      process.exitCode =
        options.batch === undefined ? await verifyOne(options) : await verifyBatch(options.batch);
    });
}

const HELP = `
A line of --batch: {"id", "leaf", "anchors": [], "intermediates": [], "crls": [], "at", "profile",
  "requireRevocation", "policies": [], "explicitPolicy", "inhibitPolicyMapping", "inhibitAnyPolicy", "name"}
  where certificates and lists are file names or PEM. Its answer: {"id", "valid", "code", "path", "rejected"};
  a line that cannot be understood is answered with {"error"}, and the rest goes on.
Exit code: 0 valid (a batch: all lines were answered), 1 not valid, 2 bad usage.`;

async function verifyOne(options: VerifyOptions): Promise<number> {
  if (options.leaf === undefined) {
    throw new Failure('which certificate? name it with --leaf FILE', {
      hint: 'Several at once: anchorage cert verify --batch < questions.ndjson',
      exitCode: 2,
    });
  }
  if (options.anchor.length === 0) {
    throw new Failure('which certificates are trusted? name them with --anchor FILE', { exitCode: 2 });
  }
  const host = realHost({ name: 'verify' });
  const material = createMaterial();
  const judged = await usable(async () =>
    judgeCertificate(
      {
        leaf: read(options.leaf!, 'a certificate', material.certificate),
        anchors: options.anchor
          .flatMap((file) => read(file, 'a certificate', material.certificates))
          .map(anchorFrom),
        intermediates: options.intermediate.flatMap((file) =>
          read(file, 'a certificate', material.certificates),
        ),
        lists: options.crl.flatMap((file) => read(file, 'a revocation list', material.lists)),
        at: options.at === undefined ? host.now() : readAt(options.at),
        profile: options.profile,
        requireRevocation: options.requireRevocation,
        policies: options.policy,
        explicitPolicy: options.explicitPolicy,
        inhibitPolicyMapping: options.inhibitPolicyMapping,
        inhibitAnyPolicy: options.inhibitAnyPolicy,
        name: options.name,
      },
      options.fetch ? onlineSources(host, options.allowPrivate) : undefined,
    ),
  );
  if (options.format === 'json') out(JSON.stringify(told(judged, options), null, 2));
  else print(judged, options);
  return judged.valid ? 0 : 1;
}

/** What cannot be had or understood is bad usage, told with the file's name. */
async function usable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MaterialError || error instanceof PkiError || error instanceof RangeError)
      throw new Failure(error.message, { exitCode: 2 });
    throw error;
  }
}

function read<T>(file: string, as: string, how: (file: string) => T): T {
  try {
    return how(file);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    throw new Failure(`${file} cannot be read as ${as}: ${error.message}`, { exitCode: 2 });
  }
}

function print(judged: Judgement, { profile }: VerifyOptions): void {
  const { valid, path, anchor, rejected, revocation } = judged;
  const code = judged.cause?.code ?? 'ok';
  out(`${valid ? style.good('✓ valid') : style.bad('✗ not valid')}${style.dim(`  ${code}`)}`);
  if (judged.cause) out(`  ${sentence(judged.cause)}`);
  for (const [index, certificate] of path.entries()) {
    const state = revocation[index];
    const told = state && state.state !== 'good' ? style.warn(`  revocation unknown`) : '';
    out(`  ${'  '.repeat(index)}└ ${formatName(certificate.subject)}${told}`);
  }
  if (anchor) out(`  ${'  '.repeat(path.length)}└ ${formatName(anchor.name)}  ${style.dim('anchor')}`);
  for (const { path: tried, cause: reason } of valid ? [] : rejected) {
    out(style.dim(`  tried ${tried.map((one) => formatName(one.subject)).join(' ← ')}`));
    out(style.dim(`    ${codeOf(reason)}`));
  }
  if (profile === 'permissive')
    out(style.warn('  permissive profile: SHA-1, RSA 1024 and DSA count here, and nowhere in Direct'));
}

const codeOf = (reason: Cause): string => `${reason.code}: ${sentence(reason)}`;

const FLUSH = 64 * 1024;

/** Answers in the order of the questions. */
async function verifyBatch(file: string | true): Promise<number> {
  const input = file === true || file === '-' ? process.stdin : createReadStream(file);
  const now = realHost({ name: 'verify' }).now();
  const material = createMaterial();
  const failed = new Promise<never>((_, reject) => {
    input.once('error', (error: Error) =>
      reject(new Failure(`${file} cannot be read: ${error.message}`, { exitCode: 2 })),
    );
  });
  const answered = answerAll(createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }), material, now);
  await Promise.race([answered, failed]);
  return 0;
}

async function answerAll(lines: AsyncIterable<string>, material: Material, now: number): Promise<void> {
  let pending = '';
  let number = 0;
  for await (const text of lines) {
    number++;
    if (text.trim() === '') continue;
    pending += `${JSON.stringify(await answerLine(text, number, material, now))}\n`;
    if (pending.length < FLUSH) continue;
    await write(pending);
    pending = '';
  }
  await write(pending);
}

const write = (text: string): Promise<void> =>
  new Promise((resolve) => {
    process.stdout.write(text, () => resolve());
  });
