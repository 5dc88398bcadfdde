import type { Command } from 'commander';
import { out, style } from '../terminal.ts';
import {
  askedHisps,
  atDesk,
  done,
  type HispOptions,
  listed,
  oneHisp,
  print,
  type Row,
  sub,
} from './command.ts';

export function bookCommands(parent: Command): void {
  settingCommands(parent);
  auditCommands(parent);
  quarantineCommands(parent);
  const queue = parent.command('queue').description('what is under way');
  listed(queue, {
    path: '/queue',
    heads: ['hisp', 'from', 'to', 'stage', 'attempts', 'since', 'next'],
    summary: 'list what is under way, the oldest first',
  });
  reportCommand(parent);
  sub(parent, 'flush', 'forget what others said: DNS, revocation lists, issuers').action(
    (options: HispOptions) =>
      atDesk(options, async (desk) => {
        for (const hisp of askedHisps(desk, options)) await desk.call(hisp, 'POST', '/flush');
        done('Forgotten. The next message asks anew.', undefined, options);
      }),
  );
}

function settingCommands(parent: Command): void {
  const noun = parent.command('setting').description('settings of a HISP');
  listed(noun, {
    path: '/settings',
    heads: ['hisp', 'key', 'value', 'default', 'meaning'],
    summary: 'list every setting, with its default and what it means',
  });
  sub(noun, 'set <key> <value>', 'change a setting; it counts for the next decision').action(
    (key: string, value: string, options: HispOptions) =>
      atDesk(options, async (desk) => {
        await desk.call(oneHisp(desk, options), 'PUT', `/settings/${encodeURIComponent(key)}`, { value });
        done(`${key} is ${value}.`, undefined, options);
      }),
  );
  sub(noun, 'reset <key>', 'give a setting its default again').action((key: string, options: HispOptions) =>
    atDesk(options, async (desk) => {
      await desk.call(oneHisp(desk, options), 'DELETE', `/settings/${encodeURIComponent(key)}`);
      done(`${key} has its default again.`, undefined, options);
    }),
  );
}

function auditCommands(parent: Command): void {
  const noun = parent.command('audit').description('who changed what');
  listed(noun, {
    path: '/audit?limit=200',
    heads: ['hisp', 'n', 'at', 'actor', 'action', 'subject'],
    summary: 'list the newest entries',
  });
  sub(noun, 'verify', 'follow the chain of the log from its start')
    .addHelpText('after', '\nExit code: 0 the chain is whole, 1 it is broken.')
    .action((options: HispOptions) =>
      atDesk(options, async (desk) => {
        const verdicts: Row[] = [];
        for (const hisp of askedHisps(desk, options)) {
          verdicts.push({ hisp, ...((await desk.call(hisp, 'GET', '/audit/verdict')) as Row) });
        }
        if (options.format === 'json') out(JSON.stringify(verdicts, null, 2));
        for (const one of options.format === 'json' ? [] : verdicts) {
          out(
            one['ok'] === true
              ? `${style.good('✓')} ${one['hisp']}: ${one['entries']} entries, head ${one['head']}`
              : `${style.bad('✗')} ${one['hisp']}: ${one['why']}`,
          );
        }
        process.exitCode = verdicts.every((one) => one['ok'] === true) ? 0 : 1;
      }),
    );
}

function quarantineCommands(parent: Command): void {
  const noun = parent.command('quarantine').description('what was refused');
  listed(noun, {
    path: '/quarantine',
    heads: ['hisp', 'at', 'address', 'message', 'causes'],
    summary: 'list what was refused, the newest first',
  });
  sub(noun, 'reprocess <message> <address>', 'judge a refused message again').action(
    (message: string, address: string, options: HispOptions) =>
      atDesk(options, async (desk) => {
        const made = await desk.call(oneHisp(desk, options), 'POST', '/quarantine/reprocess', {
          message,
          address,
        });
        done(`The message to ${address} is judged again.`, made, options);
      }),
  );
}

interface Counts extends Row {
  readonly own: Row;
  readonly connected: readonly Row[];
}

function reportCommand(parent: Command): void {
  sub(parent, 'report', 'own members apart from the members of connected HISPs')
    .option('--days <number>', 'messages of so many days are counted', '30')
    .action((options: HispOptions & { days: string }) =>
      atDesk(options, async (desk) => {
        const found: Row[] = [];
        for (const hisp of askedHisps(desk, options)) {
          const path = `/report?days=${encodeURIComponent(options.days)}`;
          const one = (await desk.call(hisp, 'GET', path)) as Counts;
          if (options.format === 'json') found.push({ ...one, hisp });
          else {
            found.push({ ...one.own, hisp, members: 'own' });
            found.push(
              ...one.connected.map((each) => ({ ...each, hisp, members: `of ${String(each['hisp'])}` })),
            );
          }
        }
        const heads = [
          'hisp',
          'members',
          'organizations',
          'domains',
          'addresses',
          'sent',
          'failed',
          'received',
        ];
        print(found, heads, options);
      }),
    );
}
