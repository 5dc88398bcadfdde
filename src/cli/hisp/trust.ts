import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { REVOCATION_REASONS } from '../../hisp/tenancy/input.ts';
import { Failure } from '../failure.ts';
import { atDesk, done, given, type HispOptions, listed, oneHisp, sub } from './command.ts';

const part = encodeURIComponent;

function fileText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure(`${file} cannot be read (${(error as Error).message})`, { exitCode: 2 });
  }
}

const direction = () =>
  new Option('--direction <direction>', 'for which mail')
    .choices(['both', 'incoming', 'outgoing'])
    .default('both');
const directions = (one: string) => ({ incoming: one !== 'outgoing', outgoing: one !== 'incoming' });

export function keyCommands(parent: Command): void {
  const noun = parent
    .command('key')
    .description('certificates of addresses and domains, with their private keys');
  listed(noun, {
    path: '/keys',
    heads: ['hisp', 'owner', 'state', 'purpose', 'notAfter', 'hasKey', 'sha256'],
    summary: 'list keys',
  });
  sub(noun, 'add <owner>', 'add a certificate and its private key, which is sealed')
    .requiredOption('--cert <file>', 'the certificate, PEM')
    .option('--key <file>', 'the private key, PKCS #8 in PEM')
    .addOption(
      new Option('--purpose <purpose>', 'what it is for')
        .choices(['dual', 'sign', 'encrypt'])
        .default('dual'),
    )
    .action((owner: string, options: HispOptions & { cert: string; key?: string; purpose: string }) =>
      atDesk(options, async (desk) => {
        const { cert, key, purpose } = options;
        const body = {
          owner,
          purpose,
          certificate: fileText(cert),
          ...(key === undefined ? {} : { privateKey: fileText(key) }),
        };
        done(
          `${owner} has another key.`,
          await desk.call(oneHisp(desk, options), 'POST', '/keys', body),
          options,
        );
      }),
    );
  sub(noun, 'issue <owner>', 'a new certificate from the HISP’s own authority; also a renewal').action(
    (owner: string, options: HispOptions) =>
      atDesk(options, async (desk) => {
        const issued = await desk.call(oneHisp(desk, options), 'POST', '/keys/issue', { owner });
        done(`${owner} has a new certificate; its older ones only decrypt.`, issued, options);
      }),
  );
  sub(noun, 'change <owner> <sha256>', 'set a key aside, take it up again, or revoke its certificate')
    .addOption(
      new Option('--state <state>', 'what it does from now on; what was revoked stays revoked')
        .choices(['active', 'decrypt-only', 'revoked'])
        .makeOptionMandatory(),
    )
    .addOption(new Option('--reason <reason>', 'of a revocation').choices(REVOCATION_REASONS))
    .action((owner: string, sha256: string, options: HispOptions & { state: string; reason?: string }) =>
      atDesk(options, async (desk) => {
        const path = `/keys/${part(owner)}/${part(sha256)}`;
        await desk.call(
          oneHisp(desk, options),
          'PATCH',
          path,
          given({ state: options.state, reason: options.reason }),
        );
        done(`The key of ${owner} is ${options.state}.`, undefined, options);
      }),
    );
}

export function publicationCommands(parent: Command): void {
  const noun = parent.command('publication').description('what senders find in DNS and LDAP');
  listed(noun, {
    path: '/publication',
    heads: ['hisp', 'owner', 'where', 'certificates', 'problem'],
    summary: 'list the certificates that are published, and who cannot be found',
  });
}

export function anchorCommands(parent: Command): void {
  const noun = parent.command('anchor').description('anchors that were set by hand');
  listed(noun, {
    path: '/anchors',
    heads: ['hisp', 'domain', 'incoming', 'outgoing', 'subject', 'sha256'],
    summary: 'list anchors',
  });
  sub(noun, 'add <domain>', 'let a domain trust an anchor')
    .requiredOption('--cert <file>', 'the CA certificate, PEM')
    .addOption(direction())
    .action((domain: string, options: HispOptions & { cert: string; direction: string }) =>
      atDesk(options, async (desk) => {
        const body = { domain, certificate: fileText(options.cert), ...directions(options.direction) };
        await desk.call(oneHisp(desk, options), 'POST', '/anchors', body);
        done(`${domain} trusts it, from the next decision on.`, undefined, options);
      }),
    );
  sub(noun, 'remove <domain> <sha256>', 'take an anchor from a domain').action(
    (domain: string, sha256: string, options: HispOptions) =>
      atDesk(options, async (desk) => {
        await desk.call(oneHisp(desk, options), 'DELETE', `/anchors/${part(domain)}/${part(sha256)}`);
        done(`${domain} no longer trusts it by hand.`, undefined, options);
      }),
  );
}

interface SubscriptionOptions extends HispOptions {
  readonly url: string;
  readonly title?: string;
  readonly domains: string[];
  readonly direction: string;
  readonly pin?: string;
  readonly interval?: string;
  readonly unauthenticated?: boolean;
}

export function subscriptionCommands(parent: Command): void {
  const noun = parent.command('subscription').description('trust bundles that a HISP fetches');
  listed(noun, {
    path: '/subscriptions',
    heads: ['hisp', 'id', 'title', 'url', 'intervalMinutes', 'domains'],
    summary: 'list subscriptions',
  });
  sub(noun, 'add <id>', 'subscribe to a bundle, or change the subscription of this id')
    .requiredOption('--url <url>', 'where the bundle is')
    .requiredOption('--domains <domain...>', 'the domains that take its anchors')
    .addOption(direction())
    .option('--title <title>', 'for people')
    .option('--pin <file>', 'certificate of its signer, PEM')
    .option('--interval <minutes>', 'between two fetches (default: a day)')
    .option('--unauthenticated', 'take it by plain http and unsigned: for test networks')
    .action((id: string, options: SubscriptionOptions) =>
      atDesk(options, async (desk) => {
        const body = given({
          id,
          url: options.url,
          title: options.title,
          unauthenticated: options.unauthenticated,
          intervalMinutes: options.interval === undefined ? undefined : Number(options.interval),
          pins: options.pin === undefined ? undefined : [{ certificate: fileText(options.pin) }],
          domains: options.domains.map((domain) => ({ domain, ...directions(options.direction) })),
        });
        const made = await desk.call(oneHisp(desk, options), 'POST', '/subscriptions', body);
        done(`${id} is fetched by the running HISP; its anchors count once it is there.`, made, options);
      }),
    );
  sub(noun, 'remove <id>', 'end a subscription; its anchors no longer count').action(
    (id: string, options: HispOptions) =>
      atDesk(options, async (desk) => {
        await desk.call(oneHisp(desk, options), 'DELETE', `/subscriptions/${part(id)}`);
        done(`${id} is no longer subscribed to.`, undefined, options);
      }),
  );
}
