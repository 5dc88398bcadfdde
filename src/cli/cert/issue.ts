/**
 * `anchorage cert issue`: an anchor, intermediates, and certificates of addresses and domains, in a folder.
 *
 * @module
 */
import { createHash, type KeyObject } from 'node:crypto';
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import type { Certificate } from '../../pki/certificate.ts';
import { issueCertificateAnywhere } from '../../pki/issue.ts';
import { generateKey } from '../../pki/keys.ts';
import { formatName } from '../../pki/name.ts';
import type { PrivateKey } from '../../pki/private-key.ts';
import { Failure } from '../failure.ts';
import { note, out, style } from '../terminal.ts';
import { type Access, type AccessOptions, accessOf, acting, clock, withAccess } from './access.ts';
import { type Authority, fileNameOf, type OwnKey, openAuthority, type Use } from './authority.ts';
import { withHeldKey } from './key-file.ts';
import { KEYS, type NameOptions, namesOf, USES, withNames } from './names.ts';
import { policyOids } from './policies.ts';
import { checkNames, requestedKey } from './requested.ts';
import { readSecret } from './secret.ts';

const KINDS = ['root', 'intermediate', 'address', 'domain'] as const;
type Kind = (typeof KINDS)[number];

const DAY = 86_400_000;
const DAYS: Readonly<Record<Kind, number>> = { root: 3650, intermediate: 1825, address: 730, domain: 730 };

interface IssueOptions extends AccessOptions, NameOptions {
  readonly issuer?: string;
  readonly as?: string;
  readonly key: keyof typeof KEYS;
  readonly pair: boolean;
  readonly days?: number;
  readonly crlUrl?: string[];
  readonly issuerUrl?: string[];
  readonly ocspUrl?: string[];
  readonly policy?: string[];
  readonly policyFile?: string;
  readonly csr?: string;
  readonly held?: string;
  readonly signer?: string;
  readonly signerTokenFile?: string;
}

export function defineIssue(command: Command): void {
  withAccess(
    withNames(
      command
        .description(
          'issue a certificate, with a new key or for a request, by an authority that lives in a folder',
        )
        .addArgument(new Argument('<kind>', 'what it is for').choices(KINDS))
        .argument('<name>', 'name of the authority, address, or domain')
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
        .option('--pair', 'two certificates with a key each: NAME-sign and NAME-encrypt', false)
        .option('--days <n>', 'how long it is valid', days)
        .option('--crl-url <url...>', 'where the issuer’s revocation list will be')
        .option('--issuer-url <url...>', 'where the issuer’s certificate will be (AIA)')
        .option('--ocsp-url <url...>', 'where the issuer’s OCSP responder will be')
        .option('--policy <oid or name...>', 'certificate policies')
        .option('--policy-file <file>', 'names of policies; default: those that come with Anchorage')
        .option('--csr <file>', 'the key of this request, which has to prove that it has its private half')
        .option('--held <key>', 'the key of this name that an external signer holds')
        .option('--signer <place>', 'where that signer is: /path/of.sock or 127.0.0.1:PORT')
        .option('--signer-token-file <file>', 'file with the token that the signer wants'),
    ),
  ).action((kind: Kind, name: string, options: IssueOptions) =>
    acting(async () => {
      if (!options.pair) return issue(kind, name, options);
      if (
        kind === 'root' ||
        kind === 'intermediate' ||
        options.csr !== undefined ||
        options.held !== undefined
      )
        throw new Failure('a pair is for addresses and domains, with new keys', { exitCode: 2 });
      for (const use of ['sign', 'encrypt'] as const)
        await issue(kind, name, { ...options, use, as: `${options.as ?? name}-${use}` });
    }),
  );
}

function days(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 36_500)
    throw new InvalidArgumentError('expected a whole number of days, from 1 to 36500');
  return number;
}

async function issue(kind: Kind, name: string, options: IssueOptions): Promise<void> {
  const now = clock();
  const authority = openAuthority(options.dir, clock);
  const access = accessOf(options);
  const as = fileNameOf(options.as ?? name);
  if (authority.names().includes(as))
    throw new Failure(`${as} is in ${options.dir} already`, {
      hint: 'Name the new one: --as NAME',
      exitCode: 2,
    });
  const subject = await subjectKey(kind, name, options);
  const spec = {
    profile: kind,
    ...namesOf(kind, name, options, subject.publicKey),
    ...(options.crlUrl && { crlUrls: options.crlUrl }),
    ...(options.issuerUrl && { caIssuersUrls: options.issuerUrl }),
    ...(options.ocspUrl && { ocspUrls: options.ocspUrl }),
    ...(options.policy && { policies: policyOids(options.policy, options.policyFile) }),
    ...(kind === 'intermediate' && { pathLen: 0 }),
  };
  const notBefore = Math.floor(now / 60_000) * 60_000 - 60_000;
  const wanted = notBefore + (options.days ?? DAYS[kind]) * DAY;
  const use = { use: `issue ${kind} ${name}`, details: detailsOf(options, as) };
  const made = await (kind === 'root'
    ? rootOf(authority, access, as, use, subject, (key) =>
        issueCertificateAnywhere({ ...spec, key, issuer: 'self', notBefore, notAfter: wanted }),
      )
    : authority.using(issuerOf(authority, kind, options.issuer), access, use, (issuer) => {
        const notAfter = Math.min(wanted, issuer.certificate.notAfter);
        if (notAfter < wanted) note('valid no longer than its issuer');
        checkNames(spec, issuer.certificate);
        return issueCertificateAnywhere({ ...spec, key: subject, issuer, notBefore, notAfter });
      }));
  authority.add(as, made, access, subject.own);
  out(`${style.good('✓')} ${formatName(made.subject)}`);
  out(`  ${options.dir}/${as}.cer  until ${new Date(made.notAfter).toISOString().slice(0, 10)}`);
  out(`  SHA-256 ${made.sha256}`);
  for (const line of lacking(kind, options)) note(line);
}

/** What receivers ask of a certificate, and this one was not given. */
function lacking(kind: Kind, { crlUrl, ocspUrl, issuerUrl, policy }: IssueOptions): string[] {
  if (kind === 'root') return [];
  return [
    ...(crlUrl || ocspUrl
      ? []
      : ['It names no revocation list: whoever requires one will not trust it. Give --crl-url URL.']),
    ...(issuerUrl || kind === 'intermediate'
      ? []
      : [
          'It does not say where its issuer is: peers that lack it cannot build the path. Give --issuer-url URL.',
        ]),
    ...(policy ? [] : ['It names no policy: DirectTrust’s profile asks for some. Give --policy NAME.']),
  ];
}

/** All that decides what is issued, for whoever has to approve it. */
const detailsOf = (options: IssueOptions, as: string): Record<string, string> => ({
  as,
  use: options.use,
  ...(options.csr === undefined && options.held === undefined && { key: options.key }),
  ...Object.fromEntries(
    (
      [
        ['days', options.days],
        ['organization', options.organization],
        ['country', options.country],
        ['common name', options.commonName],
        ['policies', options.policy?.join(' ')],
        ['lists', options.crlUrl?.join(' ')],
        ['issuers', options.issuerUrl?.join(' ')],
        ['OCSP', options.ocspUrl?.join(' ')],
        ['held key', options.held],
        ['request', options.csr === undefined ? undefined : sha256Of(readSecret(options.csr))],
      ] as const
    ).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  ),
});

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface SubjectKey {
  readonly publicKey: KeyObject;
  readonly spki: Uint8Array;
  readonly privateKey?: PrivateKey;
  /** What is kept beside the certificate. */
  readonly own?: OwnKey;
}

/** A new key, that of a request, or one that a signer holds. */
async function subjectKey(kind: Kind, name: string, options: IssueOptions): Promise<SubjectKey> {
  if (options.csr !== undefined) return requestedKey(kind, name, options.csr);
  if (options.held !== undefined) {
    if (options.signer === undefined)
      throw new Failure('say where the signer is', { hint: 'Give --signer PLACE.', exitCode: 2 });
    const held = {
      signer: options.signer,
      key: options.held,
      ...(options.signerTokenFile !== undefined && { tokenFile: options.signerTokenFile }),
    };
    return withHeldKey(held, async ({ publicKey, spki }) => ({ publicKey, spki, own: { held, spki } }));
  }
  const key = generateKey(KEYS[options.key]);
  return { ...key, own: key };
}

/** An anchor signs itself: with its new key, or with the signer's. */
async function rootOf(
  { persons, journal }: Authority,
  access: Access,
  as: string,
  use: Use,
  subject: SubjectKey,
  make: (key: SubjectKey) => Promise<Certificate>,
): Promise<Certificate> {
  if (!subject.own)
    throw new Failure('an anchor is made with its own key, not for a request', { exitCode: 2 });
  const approval = persons.pass({ key: as, ...use }, access);
  if (persons.settings().required) journal.note({ use: use.use, key: as, who: access.who, ...approval });
  return 'held' in subject.own ? withHeldKey(subject.own.held, (key) => make(key)) : make(subject);
}
/** Who issues when nobody was named: the folder's one intermediate, or its one root. */
export function issuerOf(authority: Authority, kind: Kind, named: string | undefined): string {
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
