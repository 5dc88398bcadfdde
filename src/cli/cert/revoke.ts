/**
 * `anchorage cert revoke` and `anchorage cert crl`: the revocation lists of an authority.
 *
 * `NAME.revoked.json` is what the authority knows, `NAME.crl` the list that it publishes. The number of a list is written
 * down before the list is, so that no number is given twice whatever happens in between.
 *
 * @module
 */
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { readIfThere, writeWhole } from '../../custody/whole-file.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { type CrlSpec, issueCrlAnywhere } from '../../pki/crl.ts';
import { formatName, sameName } from '../../pki/name.ts';
import { Failure } from '../failure.ts';
import { out, style } from '../terminal.ts';
import { type Access, type AccessOptions, accessOf, acting, clock, withAccess } from './access.ts';
import { type Authority, openAuthority } from './authority.ts';
import { readAt } from './time.ts';

const REASONS = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
] as const;
const LIFT = 'removeFromCRL';
type Reason = (typeof REASONS)[number];

const stateSchema = z.strictObject({
  schema: z.literal(1),
  /** Of the last list. */
  number: z.int().min(0),
  revoked: z.array(
    z.strictObject({
      serial: z.string().regex(/^-?[0-9a-f]+$/),
      /** ms since 1970 UTC. */
      at: z.number(),
      reason: z.enum(REASONS),
      invalidityDate: z.number().optional(),
    }),
  ),
});

type State = z.infer<typeof stateSchema>;

interface ListOptions extends AccessOptions {
  readonly days: number;
  readonly out?: string;
}

interface RevokeOptions extends ListOptions {
  readonly reason: Reason | typeof LIFT;
  readonly at?: number;
  readonly invalidSince?: number;
  readonly issuer?: string;
  readonly serial: boolean;
  readonly delta: boolean;
}

const DAY = 86_400_000;

const withList = (command: Command): Command =>
  withAccess(
    command
      .option('--days <n>', 'how long the list is good for', whole, 7)
      .option('--out <file>', 'write the list there as well'),
  );

export function defineRevoke(command: Command): void {
  withList(
    command
      .description('revoke a certificate, or lift a hold, and make the new list')
      .argument('<certificate>', 'as it is named in the folder, or with --serial its serial number (hex)')
      .addOption(
        new Option('--reason <reason>', `why; ${LIFT} lifts a certificateHold`)
          .choices([...REASONS, LIFT])
          .default('unspecified'),
      )
      .option('--at <time>', 'when it was revoked; default: now', time)
      .option('--invalid-since <time>', 'since when the key is known or feared to be lost', time)
      .option('--serial', 'the argument is a serial number', false)
      .option('--issuer <file name>', 'who issued it; needed with --serial')
      .option('--delta', 'also write a delta list on top of the last list: ISSUER.delta.crl', false),
  ).action((named: string, options: RevokeOptions) => acting(() => revoke(named, options)));
}

export function defineCrl(command: Command): void {
  withList(
    command
      .description('make the list of an authority anew, before the last one ends')
      .argument('<file name>', 'whose list'),
  ).action((issuer: string, options: ListOptions) =>
    acting(async () => {
      const authority = openAuthority(options.dir, clock);
      if (!authority.certificate(issuer).isCa)
        throw new Failure(`${issuer} is not a CA, so it has no revocation list`, {
          hint: `Name the authority whose list it is: ${
            authority
              .names()
              .filter((name) => authority.certificate(name).isCa)
              .join(', ') || 'there is none here'
          }.`,
          exitCode: 2,
        });
      await makeList(
        authority,
        issuer,
        accessOf(options),
        options,
        `new list of ${issuer}`,
        (state) => state,
      );
    }),
  );
}

function whole(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 366)
    throw new InvalidArgumentError('expected a whole number of days, from 1 to 366');
  return number;
}

function time(text: string): number {
  try {
    return readAt(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

async function revoke(named: string, options: RevokeOptions): Promise<void> {
  const authority = openAuthority(options.dir, clock);
  const certificate = options.serial ? undefined : authority.certificate(named);
  const serial =
    certificate?.serial ??
    named
      .toLowerCase()
      .replace(/^0x|:/g, '')
      .replace(/^(00)+(?=..)/, '');
  if (!/^([0-9a-f]{2})+$/.test(serial)) throw new Failure(`"${named}" is no serial number`, { exitCode: 2 });
  const issuer = options.issuer ?? (certificate && issuerOf(authority, certificate));
  if (issuer === undefined) throw new Failure('say who issued it: --issuer NAME', { exitCode: 2 });
  if (certificate && sameName(certificate.subject, certificate.issuer))
    throw new Failure(`${named} is an anchor: no list can revoke it`, {
      hint: 'Take it out of every bundle and store that carries it.',
      exitCode: 2,
    });
  const now = clock();
  const at = Math.min(options.at ?? now, now);
  const { reason } = options;
  const what = `${reason === LIFT ? 'lift the hold of' : 'revoke'} ${certificate ? named : `serial ${serial}`}`;
  await makeList(
    authority,
    issuer,
    accessOf(options),
    options,
    `${what}${reason === LIFT || reason === 'unspecified' ? '' : ` (${reason})`}`,
    (state) => {
      const known = state.revoked.find((one) => one.serial === serial);
      const others = state.revoked.filter((one) => one !== known);
      if (reason === LIFT) {
        if (known?.reason !== 'certificateHold')
          throw new Failure(
            `${named} is not on hold${known ? `: it is revoked for good (${known.reason})` : ''}`,
            {
              exitCode: 2,
            },
          );
        return { ...state, revoked: others };
      }
      if (known && known.reason !== 'certificateHold')
        throw new Failure(
          `${named} was revoked already, on ${new Date(known.at).toISOString().slice(0, 10)} (${known.reason})`,
          { exitCode: 2 },
        );
      // what was on hold stays revoked from the day that the hold began
      const entry = { serial, at: known?.at ?? at, reason };
      const since = options.invalidSince;
      return {
        ...state,
        revoked: [...others, since === undefined ? entry : { ...entry, invalidityDate: since }],
      };
    },
    options.delta ? { serial, at, reason } : undefined,
  );
}

type Change = { readonly serial: string; readonly at: number; readonly reason: Reason | typeof LIFT };

async function makeList(
  authority: Authority,
  issuer: string,
  access: Access,
  options: ListOptions,
  use: string,
  change: (state: State) => State,
  delta?: Change,
): Promise<void> {
  const stateFile = join(authority.folder, `${issuer}.revoked.json`);
  const before = stateOf(stateFile);
  const after = change(before);
  const details = { days: String(options.days) };
  await authority.using(issuer, access, { use, details }, async (signer) => {
    const at = Math.floor(clock() / 1000) * 1000;
    const next: State = { ...after, number: before.number + 1 };
    const common = {
      issuer: signer,
      number: next.number,
      thisUpdate: at,
      nextUpdate: at + options.days * DAY,
    };
    const list = await issueCrlAnywhere({ ...common, revoked: next.revoked.map(entryOf) });
    const small =
      delta &&
      before.number > 0 &&
      (await issueCrlAnywhere({ ...common, deltaBase: before.number, revoked: [delta] }));
    writeWhole(stateFile, `${JSON.stringify(next, null, 2)}\n`, 0o600);
    const file = join(authority.folder, `${issuer}.crl`);
    writeWhole(file, list, 0o644);
    if (small) writeWhole(join(authority.folder, `${issuer}.delta.crl`), small, 0o644);
    if (options.out !== undefined) writeWhole(options.out, list, 0o644);
    out(`${style.good('✓')} ${use}`);
    out(
      `  ${file}  number ${next.number}, ${next.revoked.length} revoked, good until ${new Date(common.nextUpdate).toISOString().slice(0, 16)}Z`,
    );
    if (small)
      out(`  ${join(authority.folder, `${issuer}.delta.crl`)}  the change since number ${before.number}`);
    else if (delta) out('  no delta list: there was no list before this one');
    out('  Publish it where the certificates say. Who holds an older list goes by that until it ends.');
  });
}

const entryOf = ({
  reason,
  invalidityDate,
  ...entry
}: State['revoked'][number]): CrlSpec['revoked'][number] => ({
  ...entry,
  // unspecified is left out (RFC 5280 §5.3.1)
  ...(reason !== 'unspecified' && { reason }),
  ...(invalidityDate !== undefined && { invalidityDate }),
});

function stateOf(file: string): State {
  const text = readIfThere(file);
  if (text === undefined) return { schema: 1, number: 0, revoked: [] };
  try {
    const parsed = stateSchema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // told below
  }
  throw new Failure(`${file} cannot be read`, {
    hint: 'It holds what was revoked. Put back a copy; do not begin anew: numbers of lists must rise.',
    exitCode: 2,
  });
}

function issuerOf(authority: Authority, certificate: Certificate): string {
  const found = authority.names().find((name) => {
    const { isCa, subject, ski } = authority.certificate(name);
    return (
      isCa &&
      sameName(subject, certificate.issuer) &&
      (certificate.aki === undefined || certificate.aki === ski)
    );
  });
  if (found !== undefined) return found;
  throw new Failure(`the issuer ${formatName(certificate.issuer)} is not in ${authority.folder}`, {
    exitCode: 2,
  });
}
