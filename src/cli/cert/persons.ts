/**
 * `anchorage cert persons`, `anchorage cert approve` and `anchorage cert log`: two persons for the keys of an authority,
 * and the log of what was done with them.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { Argument, type Command, InvalidArgumentError } from 'commander';
import { describe } from '../../custody/approval.ts';
import { Failure } from '../failure.ts';
import { columns, out, style } from '../terminal.ts';
import {
  type AccessOptions,
  accessOf,
  acting,
  clock,
  personalOf,
  withAccess,
  withDir,
  withPerson,
} from './access.ts';
import { openAuthority } from './authority.ts';
import { tellUses } from './key-uses.ts';
import { readable } from './two-persons.ts';

interface PersonsOptions extends AccessOptions {
  readonly hours?: number;
  readonly newPersonPassphraseFile?: string;
}

export function definePersons(command: Command): void {
  withAccess(
    command
      .description('who may approve, and whether every use of a CA key asks for two persons')
      .addArgument(
        new Argument('[what]', 'list them, add one, ask for two persons, or no longer').choices([
          'list',
          'add',
          'require',
          'release',
        ]),
      )
      .argument('[name]', 'of the person to add; their passphrase is given as --person-passphrase-file')
      .option('--hours <n>', 'how long a request can be approved and used; default 24', hours)
      .option(
        '--new-person-passphrase-file <file>',
        'passphrase of the person to add, where yours is needed too',
      ),
  ).action((what: string | undefined, name: string | undefined, options: PersonsOptions) =>
    acting(() => persons(what ?? 'list', name, options)),
  );
}

function hours(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 720)
    throw new InvalidArgumentError('expected a whole number of hours, from 1 to 720');
  return number;
}

function persons(what: string, name: string | undefined, options: PersonsOptions): void {
  const { persons: two } = openAuthority(options.dir, clock);
  const access = accessOf(options);
  const within = options.hours === undefined ? {} : { hours: options.hours };
  switch (what) {
    case 'add':
      if (name === undefined) throw new Failure('say who: cert persons add NAME', { exitCode: 2 });
      two.addPerson(
        name,
        personalOf({ personPassphraseFile: options.newPersonPassphraseFile ?? options.personPassphraseFile }),
        access,
      );
      out(`${style.good('✓')} ${name} may ask and approve in ${options.dir}`);
      return;
    case 'require':
      two.change({ required: true, ...within }, access);
      out(`${style.good('✓')} every use of a CA key in ${options.dir} asks for two persons from now on`);
      return;
    case 'release':
      two.change({ required: false, ...within }, access);
      out(`${style.good('✓')} one person is enough in ${options.dir} from now on`);
      return;
    default: {
      const settings = two.settings();
      out(
        settings.required
          ? `Every use of a CA key asks for two persons, within ${settings.hours} hours.`
          : 'One person is enough to use a CA key.',
      );
      out(`Persons: ${settings.persons.map((one) => one.name).join(', ') || 'nobody yet'}`);
      for (const { id, operation, asked, approved } of two.open())
        out(
          `  ${id}  ${asked.by} asks: ${describe(operation)}${approved ? `; ${approved.by} approved` : ''}`,
        );
    }
  }
}

export function defineApprove(command: Command): void {
  withPerson(
    withDir(
      command
        .description('approve what another person asked for; without a number, list what is asked')
        .argument('[id]', 'number of the request'),
    ),
  ).action((id: string | undefined, options: AccessOptions) =>
    acting(() => {
      const { persons: two } = openAuthority(options.dir, clock);
      if (id === undefined) {
        const open = two.open();
        if (open.length === 0) out('Nothing is asked for.');
        for (const { id: number, operation, asked, why } of open)
          out(`${number}  ${asked.by} asks: ${describe(operation)}${why ? `, because: ${why}` : ''}`);
        return;
      }
      const { who } = accessOf(options);
      const approved = two.approve(id, who, personalOf(options));
      out(`${style.good('✓')} ${who} approves: ${describe(approved.operation)}`);
      out(
        `  ${approved.asked.by} can do it once, until ${new Date(approved.expires).toISOString().slice(0, 16)}Z, with --approval ${id}`,
      );
    }),
  );
}

export function defineLog(command: Command): void {
  withDir(
    command
      .description('show the log of an authority, and check that nothing in it was changed')
      .option('--head <hash>', 'the last hash that you wrote down: the log has to have stood there')
      .option('--state <folder>', 'instead: how often the HISPs of a state folder used their keys, by day'),
  ).action((options: { dir: string; head?: string; state?: string }) =>
    acting(async () => {
      if (options.state !== undefined) return tellUses(options.state);
      if (!existsSync(options.dir))
        throw new Failure(`there is no folder ${options.dir}`, {
          hint: 'Name the folder of the authority: --dir FOLDER',
          exitCode: 2,
        });
      const checked = openAuthority(options.dir, clock).journal.check();
      if (!checked.ok)
        throw new Failure(`the log was changed: line ${checked.line}: ${checked.why}`, { exitCode: 1 });
      const rows = checked.entries.map(({ seq, at, use, key, who, why, approvedBy }) => [
        String(seq),
        at.replace(/\.\d+Z$/, 'Z'),
        who ?? '',
        key ?? '',
        `${readable(use)}${why ? ` — ${why}` : ''}${approvedBy ? ` (approved by ${approvedBy})` : ''}`,
      ]);
      for (const line of columns(rows)) out(line);
      const { head } = options;
      if (
        head !== undefined &&
        head !== checked.head.hash &&
        !checked.entries.some(({ previous }) => previous === head)
      )
        throw new Failure('the log never stood at that hash: it was rewritten', { exitCode: 1 });
      out(`${style.good('✓')} ${checked.entries.length} entries, none changed`);
      out(`  last hash ${checked.head.hash}`);
      out('  Write it down elsewhere: with --head it shows later that the log was not rewritten.');
    }),
  );
}
