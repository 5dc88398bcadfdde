/**
 * `anchorage cert issue`: an anchor, intermediates, and certificates of addresses and domains, in a folder.
 *
 * @module
 */
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { parseAddress } from '../../mail/address.ts';
import { realHost } from '../../net/real.ts';
import type { KeyUsage } from '../../pki/certificate.ts';
import { type CertificateSpec, issueCertificate, type Subject } from '../../pki/issue.ts';
import { generateKey, type KeyPair, type KeyRequest } from '../../pki/keys.ts';
import { formatName } from '../../pki/name.ts';
import { Failure } from '../failure.ts';
import { note, out, style } from '../terminal.ts';
import { type Authority, fileNameOf, openAuthority } from './authority.ts';
import { type SecretOptions, secretOf, withSecret } from './secret.ts';

const KINDS = ['root', 'intermediate', 'address', 'domain'] as const;
type Kind = (typeof KINDS)[number];

const KEYS = {
  rsa2048: { kind: 'rsa', bits: 2048 },
  rsa3072: { kind: 'rsa', bits: 3072 },
  rsa4096: { kind: 'rsa', bits: 4096 },
  p256: { kind: 'ec', curve: 'P-256' },
  p384: { kind: 'ec', curve: 'P-384' },
} as const satisfies Record<string, KeyRequest>;

const USES: Readonly<Record<'both' | 'sign' | 'encrypt', readonly KeyUsage[]>> = {
  both: ['digitalSignature', 'keyEncipherment'],
  sign: ['digitalSignature'],
  encrypt: ['keyEncipherment'],
};

const DAY = 86_400_000;
const DAYS: Readonly<Record<Kind, number>> = { root: 3650, intermediate: 1825, address: 730, domain: 730 };

interface IssueOptions extends SecretOptions {
  readonly dir: string;
  readonly issuer?: string;
  readonly as?: string;
  readonly key: keyof typeof KEYS;
  readonly use: keyof typeof USES;
  readonly days?: number;
  readonly organization?: string;
  readonly country?: string;
  readonly commonName?: string;
  readonly crlUrl?: string[];
  readonly issuerUrl?: string[];
  readonly ocspUrl?: string[];
  readonly policy?: string[];
}

export function defineIssue(command: Command): void {
  withSecret(
    command
      .description('issue a certificate, with a new key, by an authority that lives in a folder')
      .addArgument(new Argument('<kind>', 'what it is for').choices(KINDS))
      .argument('<name>', 'name of the authority, address, or domain')
      .option('--dir <folder>', 'folder of the authority', 'authority')
      .option(
        '--issuer <file name>',
        'who issues; default: the one intermediate, else the one root, of the folder',
      )
      .option('--as <file name>', 'name of the new files')
      .addOption(new Option('--key <kind>', 'kind of key').choices(Object.keys(KEYS)).default('rsa2048'))
      .addOption(
        new Option('--use <use>', 'what the key of an address or domain is for')
          .choices(Object.keys(USES))
          .default('both'),
      )
      .option('--days <n>', 'how long it is valid', days)
      .option('--organization <name>', 'organization in the subject')
      .option('--country <code>', 'country in the subject, two letters')
      .option('--common-name <name>', 'name of the person or service, of an address')
      .option('--crl-url <url...>', 'where the issuer’s revocation list will be')
      .option('--issuer-url <url...>', 'where the issuer’s certificate will be (AIA)')
      .option('--ocsp-url <url...>', 'where the issuer’s OCSP responder will be')
      .option('--policy <oid...>', 'certificate policies'),
  ).action((kind: Kind, name: string, options: IssueOptions) => issue(kind, name, options));
}

function days(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 36_500)
    throw new InvalidArgumentError('expected a whole number of days, from 1 to 36500');
  return number;
}

function issue(kind: Kind, name: string, options: IssueOptions): void {
  const host = realHost({ name: 'cert' });
  const authority = openAuthority(options.dir, () => host.now());
  const secret = secretOf(options);
  const as = fileNameOf(options.as ?? name);
  if (authority.names().includes(as))
    throw new Failure(`${as} is in ${options.dir} already`, {
      hint: 'Name the new one: --as NAME',
      exitCode: 2,
    });
  const issuer =
    kind === 'root'
      ? ('self' as const)
      : authority.open(issuerOf(authority, kind, options.issuer), secret, `issue ${kind} ${name}`);
  const notBefore = Math.floor(host.now() / 60_000) * 60_000 - 60_000;
  const wanted = notBefore + (options.days ?? DAYS[kind]) * DAY;
  const notAfter = issuer === 'self' ? wanted : Math.min(wanted, issuer.certificate.notAfter);
  if (notAfter < wanted) note('valid no longer than its issuer');
  const key = generateKey(KEYS[options.key]);
  const issued = issueCertificate({
    profile: kind,
    key,
    issuer,
    notBefore,
    notAfter,
    ...identity(kind, name, options, key),
    ...(options.crlUrl && { crlUrls: options.crlUrl }),
    ...(options.issuerUrl && { caIssuersUrls: options.issuerUrl }),
    ...(options.ocspUrl && { ocspUrls: options.ocspUrl }),
    ...(options.policy && { policies: options.policy }),
    ...(kind === 'intermediate' && { pathLen: 0 }),
  });
  authority.add(as, issued.certificate, { key, secret });
  out(`${style.good('✓')} ${formatName(issued.certificate.subject)}`);
  out(`  ${options.dir}/${as}.cer  until ${new Date(notAfter).toISOString().slice(0, 10)}`);
  out(`  SHA-256 ${issued.certificate.sha256}`);
}

function identity(
  kind: Kind,
  name: string,
  options: IssueOptions,
  key: KeyPair,
): Pick<CertificateSpec, 'subject' | 'emails' | 'dnsNames' | 'keyUsage'> {
  const subject = (CN: string): Subject => ({
    ...(options.country && { C: options.country.toUpperCase() }),
    ...(options.organization && { O: options.organization }),
    CN,
  });
  if (kind === 'root' || kind === 'intermediate') return { subject: subject(name) };
  const keyUsage = usageOf(options.use, key);
  if (kind === 'address') {
    const address = parseAddress(name);
    if (!address || address.address !== name) throw new Failure(`"${name}" is no address`, { exitCode: 2 });
    return { subject: subject(options.commonName ?? address.local), emails: [name], keyUsage };
  }
  if (!/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+$/i.test(name))
    throw new Failure(`"${name}" is no domain`, { exitCode: 2 });
  return { subject: subject(options.commonName ?? name), dnsNames: [name.toLowerCase()], keyUsage };
}

/** Nobody can encrypt to an elliptic key (REQ-AS-21). */
function usageOf(use: IssueOptions['use'], { publicKey }: KeyPair): readonly KeyUsage[] {
  if (publicKey.asymmetricKeyType === 'rsa') return USES[use];
  if (use === 'encrypt')
    throw new Failure('an elliptic key cannot be encrypted to', { hint: 'Take --key rsa2048.', exitCode: 2 });
  return USES.sign;
}

/** Who issues when nobody was named: the folder's one intermediate, or its one root. */
function issuerOf(authority: Authority, kind: Kind, named: string | undefined): string {
  if (named !== undefined) {
    if (!authority.certificate(named).isCa) throw new Failure(`${named} is no authority`, { exitCode: 2 });
    return named;
  }
  const able = authority.names().filter((name) => authority.hasKey(name) && authority.certificate(name).isCa);
  const isRoot = (name: string): boolean => {
    const { subject, issuer } = authority.certificate(name);
    return subject.key === issuer.key;
  };
  const roots = able.filter(isRoot);
  const between = able.filter((name) => !isRoot(name));
  const choice = kind === 'intermediate' || between.length === 0 ? roots : between;
  if (choice.length === 1) return choice[0]!;
  throw new Failure(
    choice.length === 0
      ? `there is no authority in ${authority.folder}`
      : `several authorities could issue: ${choice.join(', ')}`,
    {
      hint:
        choice.length === 0
          ? 'Begin with: anchorage cert issue root "My Anchor"'
          : 'Choose with --issuer NAME',
      exitCode: 2,
    },
  );
}
