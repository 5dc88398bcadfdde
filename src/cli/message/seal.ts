/**
 * `anchorage message seal`: a Direct message of a plain one, as our HISP makes it: wrapped, signed, encrypted.
 *
 * @module
 */
import { writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { composeStages } from '../../agent/compose.ts';
import type { Draft } from '../../agent/draft.ts';
import { AgentStop } from '../../agent/stop.ts';
import { readSubmission } from '../../agent/submission.ts';
import { CmsError } from '../../cms/error.ts';
import { readAddressList } from '../../mail/address.ts';
import { readEntity } from '../../mail/entity.ts';
import { MailError } from '../../mail/error.ts';
import type { Host } from '../../net/host.ts';
import { realHost } from '../../net/real.ts';
import { sentence } from '../../outcome/cause.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { bindingCause } from '../cert/leaf.ts';
import { readAt } from '../cert/time.ts';
import { Failure } from '../failure.ts';
import { note, style } from '../terminal.ts';
import { certificatesOf, octets, readKeys } from './keys.ts';
import { passwordOf, usable, withKeys } from './open.ts';

interface SealOptions {
  readonly key?: string;
  readonly cert?: string;
  readonly p12?: string;
  readonly password?: string;
  readonly passwordFile?: string;
  readonly recipient: string[];
  readonly cipher: Draft['algorithms']['cipher'];
  readonly keyTransport: Draft['algorithms']['keyTransport'];
  readonly digest?: 'sha256' | 'sha384' | 'sha512';
  readonly at?: string;
  readonly out?: string;
}

export function defineSeal(command: Command): void {
  withKeys(command)
    .description('make a Direct message of a plain one: wrapped, signed, encrypted')
    .argument('<file>', 'the message, with its header; - is stdin')
    .requiredOption('--recipient <file...>', 'certificates to encrypt to')
    .addOption(
      new Option('--cipher <cipher>', 'content cipher')
        .choices(['aes128-cbc', 'aes192-cbc', 'aes256-cbc'])
        .default('aes256-cbc'),
    )
    .addOption(
      new Option('--key-transport <how>', 'how the content key travels')
        .choices(['oaep-sha1', 'oaep-sha256', 'pkcs1'])
        .default('oaep-sha1'),
    )
    .addOption(
      new Option('--digest <digest>', 'of the signature; default: SHA-256, with a P-384 key SHA-384').choices(
        ['sha256', 'sha384', 'sha512'],
      ),
    )
    .option('--at <time>', 'the time of signing; default: now')
    .option('--out <file>', 'where to write the message; default: stdout')
    .addHelpText(
      'after',
      '\nThe signer is --key with --cert, or --p12. Date, Message-ID and MIME-Version are added where they are missing.',
    )
    .action(async (file: string, options: SealOptions) => {
      const sealed = await usable(() => seal(file, options));
      if (options.out === undefined) process.stdout.write(sealed);
      else writeFileSync(options.out, sealed);
    });
}

async function seal(file: string, options: SealOptions): Promise<Uint8Array> {
  const host = realHost({ name: 'message' });
  const at = options.at === undefined ? host.now() : readAt(options.at);
  const bytes = octets(file);
  const signers = readKeys({ ...options, password: passwordOf(options) }).flatMap(
    ({ key, certificate, chain }) =>
      certificate ? [{ certificate, privateKey: key.privateKey, chain }] : [],
  );
  if (signers.length === 0) {
    throw new Failure('who signs? a key with its certificate is wanted', {
      hint: 'Name them: --key FILE --cert FILE, or --p12 FILE.',
      exitCode: 2,
    });
  }
  const certificates = options.recipient.flatMap(certificatesOf);
  try {
    const { from, to } = peopleOf(bytes);
    warn(from, signers, at);
    return await compose({ from, to, bytes, signers, certificates, at, options, host });
  } catch (error) {
    if (error instanceof AgentStop || error instanceof CmsError)
      throw new Failure(sentence(error.reason), { exitCode: 2 });
    if (error instanceof MailError) throw new Failure(error.message, { exitCode: 2 });
    throw error;
  }
}

function peopleOf(bytes: Uint8Array): { from: string; to: string[] } {
  const entity = readEntity(bytes);
  const named = (...names: string[]) =>
    names.flatMap((name) =>
      entity
        .headerAll(name)
        .flatMap((value) => readAddressList(value).addresses.map(({ address }) => address)),
    );
  const to = named('to', 'cc');
  if (to.length === 0) {
    throw new Failure('the message has no recipient in To or Cc', { exitCode: 2 });
  }
  return { from: named('from')[0] ?? '', to };
}

/** What a receiver would refuse is made all the same, for tests; but it is told. */
function warn(from: string, signers: Draft['signers'], at: number): void {
  for (const { certificate } of signers) {
    const reason = bindingCause(certificate, from, '1.3');
    if (reason) note(style.warn(`! ${sentence(reason)}: receivers will refuse the message`));
    if (at > certificate.notAfter || at < certificate.notBefore)
      note(style.warn('! the signer’s certificate is not valid at this time'));
  }
}

async function compose(work: {
  readonly from: string;
  readonly to: readonly string[];
  readonly bytes: Uint8Array;
  readonly signers: Draft['signers'];
  readonly certificates: readonly Certificate[];
  readonly at: number;
  readonly options: SealOptions;
  readonly host: Host;
}): Promise<Uint8Array> {
  const { cipher, keyTransport, digest } = work.options;
  const host: Host = { ...work.host, now: () => work.at };
  const { sender, messageId, copies } = readSubmission(work, host);
  const [copy] = copies;
  if (!copy) throw new Failure('the message has no recipient', { exitCode: 2 });
  let draft: Draft = {
    sender,
    message: copy.message,
    recipients: [],
    algorithms: { cipher, keyTransport, ...(digest && { digest }) },
    signers: work.signers,
    certificates: work.certificates,
    outer: { from: sender, to: copy.to, cc: copy.cc, date: work.at, messageId },
    entity: copy.message,
    mailFrom: sender,
    rcptTo: copy.recipients,
    at: work.at,
    random: host.random,
  };
  for (const stage of composeStages) draft = await stage.run(draft);
  return draft.entity;
}
