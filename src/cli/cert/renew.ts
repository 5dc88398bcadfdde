/**
 * `anchorage cert renew`: a new certificate of the same name before the old one ends, so that both hold for a while.
 *
 * @module
 */
import { type Command, InvalidArgumentError } from 'commander';
import type { Certificate } from '../../pki/certificate.ts';
import { issueCertificateAnywhere, type Profile } from '../../pki/issue.ts';
import { generateKey, type KeyRequest } from '../../pki/keys.ts';
import { formatName, sameName } from '../../pki/name.ts';
import { Failure } from '../failure.ts';
import { note, out, style } from '../terminal.ts';
import { type AccessOptions, accessOf, acting, clock, withAccess } from './access.ts';
import { type Authority, fileNameOf, type Opened, openAuthority } from './authority.ts';

const DAY = 86_400_000;

interface RenewOptions extends AccessOptions {
  readonly as?: string;
  readonly sameKey: boolean;
  readonly days?: number;
  readonly issuer?: string;
}

export function defineRenew(command: Command): void {
  withAccess(
    command
      .description('issue a certificate again under the same name, beside the old one')
      .argument('<file name>', 'which, as it is named in the folder')
      .option('--as <file name>', 'name of the new files; default: the old one with a number')
      .option('--same-key', 'keep the key; default: a new one', false)
      .option('--days <n>', 'how long it is valid; default: as long as the old one', whole)
      .option('--issuer <file name>', 'who issues; default: who issued the old one'),
  ).action((name: string, options: RenewOptions) => acting(() => renew(name, options)));
}

function whole(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 36_500)
    throw new InvalidArgumentError('expected a whole number of days, from 1 to 36500');
  return number;
}

async function renew(name: string, options: RenewOptions): Promise<void> {
  const authority = openAuthority(options.dir, clock);
  const access = accessOf(options);
  const old = authority.certificate(name);
  const as = fileNameOf(options.as ?? nextName(name, authority.names()));
  const self = sameName(old.subject, old.issuer);
  const life = options.days === undefined ? old.notAfter - old.notBefore : options.days * DAY;
  const notBefore = Math.floor(clock() / 60_000) * 60_000 - 60_000;
  const fresh = options.sameKey ? undefined : generateKey(sameKind(old));
  const use = {
    use: `renew ${name}`,
    details: { as, key: options.sameKey ? 'the same' : 'new', days: String(Math.round(life / DAY)) },
  };
  const subject = fresh ?? { publicKey: old.publicKey, spki: old.spki };
  const make = (issuer: Opened | 'self', notAfter: number) =>
    issueCertificateAnywhere({
      ...copied(old),
      key: issuer === 'self' && fresh ? fresh : subject,
      issuer,
      notBefore,
      notAfter,
    });
  let made: Certificate;
  if (self && !fresh)
    made = await authority.using(name, access, use, ({ key }) =>
      issueCertificateAnywhere({
        ...copied(old),
        key,
        issuer: 'self',
        notBefore,
        notAfter: notBefore + life,
      }),
    );
  else if (self)
    // the old anchor's key is used for nothing, but who makes an anchor is asked for in the same way
    made = await authority.using(name, access, use, () => make('self', notBefore + life));
  else {
    const issuer = options.issuer ?? issuerIn(authority, old);
    made = await authority.using(issuer, access, use, (opened) => {
      const notAfter = Math.min(notBefore + life, opened.certificate.notAfter);
      if (notAfter < notBefore + life) note('valid no longer than its issuer');
      return make(opened, notAfter);
    });
  }
  if (fresh) authority.add(as, made, access, fresh);
  else if (authority.hasKey(name)) authority.addSameKey(as, made, access, name);
  else authority.add(as, made, access);
  tell(old, made, { name, as, dir: options.dir, sameKey: options.sameKey });
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function tell(
  old: Certificate,
  made: Certificate,
  o: { readonly name: string; readonly as: string; readonly dir: string; readonly sameKey: boolean },
): void {
  out(`${style.good('✓')} ${formatName(made.subject)}`);
  out(`  ${o.dir}/${o.as}.cer  from ${day(made.notBefore)} until ${day(made.notAfter)}`);
  out(`  SHA-256 ${made.sha256}`);
  const left = Math.floor((old.notAfter - clock()) / DAY);
  if (left < 0) {
    out(`  The old one (${o.name}) ended on ${day(old.notAfter)}: publish the new one now.`);
    return;
  }
  out(`  Now: publish it beside the old one (${o.name}), which is valid until ${day(old.notAfter)}.`);
  if (made.isCa) {
    out(
      '  Put it into the bundles that carry the old one, and leave both there: what the old one issued leads to it.',
    );
    out(
      `  The old one can go when nothing below it is valid any more, at the latest on ${day(old.notAfter)}.`,
    );
    return;
  }
  out(
    '  When caches have seen it (the TTL of the old record, a day at most): sign with the new one, and take',
  );
  out('  the old one out of what is published.');
  if (o.sameKey) out('  Both have the same key: what was encrypted to the old one opens with the new one.');
  else
    out(
      `  Keep the old key for decrypting until ${day(old.notAfter)}, and a week longer for mail that waits in queues.`,
    );
}

/** All that the old one says, with names in their order. */
function copied(old: Certificate) {
  const profile: Profile = old.isCa
    ? sameName(old.subject, old.issuer)
      ? 'root'
      : 'intermediate'
    : 'domain';
  return {
    profile,
    subject: old.subjectDer,
    otherNames: old.san,
    keyUsage: old.keyUsage ? [...old.keyUsage] : null,
    eku: old.eku ? [...old.eku] : null,
    crlUrls: old.crlUrls,
    caIssuersUrls: old.caIssuersUrls,
    ocspUrls: old.ocspUrls,
    policies: old.policies,
    ...(old.pathLen !== undefined && { pathLen: old.pathLen }),
    ...(old.nameConstraints && {
      nameConstraints: {
        permitted: old.nameConstraints.permitted.map(({ base }) => base),
        excluded: old.nameConstraints.excluded.map(({ base }) => base),
      },
    }),
  };
}

function sameKind({ key }: Certificate): KeyRequest {
  if (key.kind === 'rsa') return { kind: 'rsa', bits: Math.max(2048, key.bits) };
  if (key.kind === 'ec' && (key.curve === 'P-256' || key.curve === 'P-384' || key.curve === 'P-521'))
    return { kind: 'ec', curve: key.curve };
  return { kind: 'rsa', bits: 2048 };
}

/** `bob` → `bob-2` → `bob-3`, the first that is free. */
function nextName(name: string, taken: readonly string[]): string {
  const [, stem, number] = /^(.*?)(?:-(\d{1,4}))?$/.exec(name)!;
  for (let next = Number(number ?? 1) + 1; ; next++)
    if (!taken.includes(`${stem}-${next}`)) return `${stem}-${next}`;
}

function issuerIn(authority: Authority, old: Certificate): string {
  const found = authority
    .names()
    .filter((name) => authority.hasKey(name) && authority.certificate(name).isCa)
    .filter((name) => {
      const { subject, ski, notAfter } = authority.certificate(name);
      return (
        sameName(subject, old.issuer) && (old.aki === undefined || old.aki === ski) && notAfter > clock()
      );
    });
  if (found.length > 0) return found.at(-1)!;
  throw new Failure(`the issuer ${formatName(old.issuer)} is not in ${authority.folder} with its key`, {
    hint: 'Choose another: --issuer NAME',
    exitCode: 2,
  });
}
