/**
 * `bundle build` and `bundle publish`: from a definition, or from certificates, to files.
 *
 * @module
 */
import type { Command } from 'commander';
import { loadConfig } from '../../config/load.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { formatName } from '../../pki/name.ts';
import { buildBundle, bundlePem } from '../../trust/bundle/build.ts';
import { writeDurably } from '../../trust/bundle/durable-file.ts';
import { readBundle } from '../../trust/bundle/read.ts';
import { acting } from '../cert/access.ts';
import { openNetwork } from '../demo/open.ts';
import { Failure } from '../failure.ts';
import { withConfig } from '../options.ts';
import { note, out, style } from '../terminal.ts';
import {
  bytesOf,
  type Community,
  DEFINITIONS,
  definitionsIn,
  mixed,
  openCommunity,
  participantJson,
  printParticipants,
} from './community.ts';
import { type AtOptions, atOf, type FormatOptions, readCertificate, withAt, withFormat } from './input.ts';
import { publishBundle, signedBefore } from './published-folder.ts';
import { type BundleSigner, type SignerOptions, signerOf, withSigner } from './signer.ts';

type Options = AtOptions &
  FormatOptions &
  SignerOptions & { readonly config?: string; readonly leaveOut: boolean };
type BuildOptions = Options & { readonly out: string; readonly anchor?: string[]; readonly pem: boolean };
type PublishOptions = Options & { readonly folder: string; readonly url?: string };

const LEAVE_OUT = 'build without the anchors that the policy refuses, instead of not at all';

export function defineMaking(command: Command): void {
  withFormat(withSigner(withAt(withConfig(command.command('build').description('make a bundle')))))
    .argument('[definition]', 'a community, as in bundles/*.yaml')
    .requiredOption('-o, --out <file>', 'where to write')
    .option('--anchor <file...>', 'certificates instead of a definition')
    .option('--leave-out', LEAVE_OUT, false)
    .option('--pem', 'write PEM', false)
    .addHelpText('after', '\nExit code: 0 built with everybody, 1 the policy refuses an anchor.')
    .action((definition: string | undefined, options: BuildOptions) =>
      acting(() => build(definition, options)),
    );

  withFormat(
    withSigner(
      withAt(
        withConfig(
          command.command('publish').description('write bundles with checksum, lint report and history'),
        ),
      ),
    ),
  )
    .argument('[definition...]', 'communities; none: those of Anchorage')
    .requiredOption('--folder <folder>', 'for any web server to serve')
    .option('--leave-out', LEAVE_OUT, false)
    .option('--url <url>', 'where the folder will be found')
    .addHelpText('after', '\nWhat did not change is not written again, so that its ETag stays.')
    .action((definitions: string[], options: PublishOptions) => acting(() => publish(definitions, options)));
}

/** Opens the network once, and only when a definition needs it. */
function communitiesOf(files: readonly string[], options: Options, at: number): Community[] {
  let opened: ReturnType<typeof openNetwork> | undefined;
  const network = () => (opened ??= openNetwork(loadConfig({ file: options.config }), at));
  return files.map((file) => openCommunity(file, network, at));
}

const refusedIn = ({ assembly }: Community): number =>
  assembly.participants.filter(({ admitted }) => !admitted).length;

async function build(file: string | undefined, options: BuildOptions): Promise<void> {
  const at = atOf(options);
  const [community] = file === undefined ? [] : communitiesOf([file], options, at);
  if (!community && !options.anchor)
    throw new Failure('give a definition, or certificates with --anchor', { exitCode: 2 });
  const refused = community ? refusedIn(community) : 0;
  const written = refused === 0 || options.leaveOut;
  const plain = community
    ? written && bytesOf(community)
    : buildBundle({ certificates: options.anchor!.map(readAnchor) });
  const signer = signerOf(options);
  const bytes = plain && (signer ? await signer.sign(plain, at, options.out) : plain);
  if (bytes) writeDurably(options.out, options.pem ? bundlePem(bytes) : bytes);
  const sha256 = bytes ? readBundle(bytes, { at }).sha256 : null;
  if (options.format === 'json') {
    const participants = community?.assembly.participants.map(participantJson) ?? [];
    out(JSON.stringify({ schema: 1, file: bytes ? options.out : null, sha256, participants }, null, 2));
  } else {
    if (community) printParticipants(community);
    if (bytes) out(`${style.good('✓')} ${options.out} (${bytes.length} octets, SHA-256 ${sha256})`);
  }
  if (!bytes) note('Nothing was written. To build without those that are out: --leave-out');
  process.exitCode = refused === 0 ? 0 : 1;
}

/** Nobody who takes the bundle would trust by it what is below a certificate that is no CA. */
function readAnchor(file: string): Certificate {
  const certificate = readCertificate(file);
  if (certificate.isCa) return certificate;
  const subject = formatName(certificate.subject);
  throw new Failure(`${file}: ${subject} is no CA certificate, so it cannot be an anchor`, {
    hint: 'give the certificate of the authority that issued it',
    exitCode: 1,
  });
}

async function publish(given: readonly string[], options: PublishOptions): Promise<void> {
  const at = atOf(options);
  const communities = communitiesOf(given.length > 0 ? given : definitionsIn(DEFINITIONS), options, at);
  const both = mixed(communities);
  if (both.length > 0)
    throw new Failure(`test and production stay apart: ${both.join('; ')}`, { exitCode: 1 });
  const signer = signerOf(options);
  const results = [];
  for (const community of communities) {
    const refused = refusedIn(community);
    const done =
      refused > 0 && !options.leaveOut ? undefined : await published(community, signer, at, options);
    results.push({ community, refused, done });
  }
  if (options.format === 'json') {
    const list = results.map(({ community, done }) => ({
      name: community.name,
      published: done !== undefined,
      changed: done?.changed ?? false,
      sha256: done?.sha256 ?? null,
      number: done?.history.at(-1)?.number ?? null,
      participants: community.assembly.participants.map(participantJson),
    }));
    out(JSON.stringify({ schema: 1, folder: options.folder, bundles: list }, null, 2));
  } else {
    for (const { community, done } of results) {
      printParticipants(community);
      const last = done?.history.at(-1);
      out(
        done && last
          ? `  ${style.good('✓')} ${done.changed ? 'published' : 'unchanged'}: number ${last.number}, SHA-256 ${done.sha256}`
          : `  ${style.bad('✗')} not published; to leave out those that are out: --leave-out`,
      );
    }
  }
  process.exitCode = results.some(({ refused }) => refused > 0) ? 1 : 0;
}

async function published(
  community: Community,
  signer: BundleSigner | undefined,
  at: number,
  { folder, url }: PublishOptions,
) {
  const plain = bytesOf(community);
  const { name } = community;
  const signed =
    signer &&
    (signedBefore(name, plain, signer.certificate, { folder, at }) ?? (await signer.sign(plain, at, name)));
  const more = { ...(url ? { url } : {}), ...(signed ? { signed } : {}) };
  return publishBundle(name, plain, { folder, at, ...more });
}
