/**
 * `anchorage directory key, show, choices, audit`: who may read, what they see, and what they asked.
 *
 * @module
 */
import { type Command, Option } from 'commander';
import { type AuditKind, auditLines } from '../../directory/audit.ts';
import { type Choice, choices, choose, VISIBILITIES, type Visibility } from '../../directory/choices.ts';
import { addKey, keys, revokeKey } from '../../directory/keys.ts';
import { Failure } from '../failure.ts';
import { columns, note, out, style } from '../terminal.ts';
import { atDirectory, type DirectoryOptions, person, sub, whole } from './command.ts';

export function accessCommands(command: Command): void {
  const key = command.command('key').description('keys with which participating HISPs read the directory');
  sub(key, 'add <hisp>', 'make a key for a contributor; it is shown now and never again')
    .option('--label <text>', 'what it is for')
    .option('--bulk', 'it may take the whole directory')
    .action(async (hisp: string, options: DirectoryOptions & { label?: string; bulk?: boolean }) => {
      const { label, bulk = false } = options;
      const made = await atDirectory(options, (directory) =>
        addKey(directory, { hisp, bulk, by: person(), ...(label ? { label } : {}) }),
      );
      if (options.format === 'json') return out(JSON.stringify(made, null, 2));
      out(made.key);
      note(`Key ${made.made.id} of ${made.made.hisp}. Keep it: only its digest is stored here.`);
    });
  sub(key, 'list', 'all keys').action(async (options: DirectoryOptions) => {
    const all = await atDirectory(options, (directory) => keys(directory));
    if (options.format === 'json') return out(JSON.stringify(all, null, 2));
    for (const line of columns(
      all.map((one) => [
        one.id,
        one.hisp,
        one.label,
        one.bulk ? 'bulk' : '',
        minute(one.madeAt),
        one.revokedAt === null ? '' : style.dim(`revoked ${minute(one.revokedAt)}`),
      ]),
    ))
      out(line);
  });
  sub(key, 'revoke <id>', 'from now on the key opens nothing').action(
    async (id: string, options: DirectoryOptions) => {
      const revoked = await atDirectory(options, (directory) => revokeKey(directory, id, person()));
      if (options.format === 'json') out(JSON.stringify(revoked, null, 2));
      else out(`${style.good('✓')} key ${id} of ${revoked.hisp} is revoked`);
    },
  );

  sub(command, 'show <subject> <key>', 'choose who sees an address, an organization or a contributor')
    .addOption(
      new Option('--to <whom>', 'everybody, participating HISPs, or nobody')
        .choices([...VISIBILITIES])
        .makeOptionMandatory(),
    )
    .option('--reason <text>', 'why', '')
    .addHelpText(
      'after',
      '\nSubject and key: address a@b, organization CONTRIBUTOR/ORG_UID, contributor CONTRIBUTOR.\nThe nearest choice counts; without one, participants see it. Addresses of patients are never shown.',
    )
    .action(
      async (subject: string, of: string, options: DirectoryOptions & { to: Visibility; reason: string }) => {
        const known = SUBJECTS.find((one) => one === subject);
        if (!known) {
          throw new Failure(`"${subject}" is no subject of a choice`, {
            hint: `Expected ${SUBJECTS.join(', ')}.`,
            exitCode: 2,
          });
        }
        await atDirectory(options, (directory) =>
          choose(directory, {
            subject: known,
            key: of,
            choice: options.to,
            by: person(),
            reason: options.reason,
          }),
        );
        out(`${style.good('✓')} ${known} ${of} is shown to ${TOLD[options.to]}`);
      },
    );
  sub(command, 'choices', 'what was chosen').action(async (options: DirectoryOptions) => {
    const all = await atDirectory(options, (directory) => choices(directory));
    if (options.format === 'json') return out(JSON.stringify(all, null, 2));
    for (const line of columns(
      all.map((one) => [one.subject, one.key, one.choice, one.by, minute(one.at), one.reason]),
    ))
      out(line);
  });

  sub(command, 'audit', 'who searched and downloaded, newest first')
    .option('--hisp <id>', 'only of a HISP')
    .addOption(new Option('--kind <kind>', 'only of a kind').choices(['search', 'read', 'bulk']))
    .option('--limit <number>', 'lines', '100')
    .action(async (options: DirectoryOptions & { hisp?: string; kind?: AuditKind; limit: string }) => {
      const { hisp, kind } = options;
      const lines = await atDirectory(options, (directory) =>
        auditLines(directory, {
          limit: whole(options.limit),
          ...(hisp ? { who: hisp } : {}),
          ...(kind ? { kind } : {}),
        }),
      );
      if (options.format === 'json') return out(JSON.stringify(lines, null, 2));
      for (const line of columns(
        lines.map((one) => [
          new Date(one.at).toISOString().slice(0, 19).replace('T', ' '),
          one.who || one.reader,
          one.name,
          one.face,
          one.kind,
          `${one.results}`,
          one.query,
        ]),
      ))
        out(line);
    });
}

const SUBJECTS: readonly Choice['subject'][] = ['address', 'organization', 'contributor'];

const TOLD: Readonly<Record<Visibility, string>> = {
  public: 'everybody',
  participants: 'participating HISPs',
  never: 'nobody',
};

const minute = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
