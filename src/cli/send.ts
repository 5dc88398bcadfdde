/**
 * `anchorage send`: a message from one address of the running network, with its fate.
 *
 * @module
 */
import { type Command, Option } from 'commander';
import { z } from 'zod';
import type { MailboxView, SentView } from '../../web/views.ts';
import type { Host } from '../net/host.ts';
import { realHost } from '../net/real.ts';
import { directAddress, directAddresses, withConfig } from './options.ts';
import { note, out, style } from './terminal.ts';
import { type Client, connect } from './up/running.ts';

interface SendOptions {
  readonly config?: string;
  readonly from: string;
  readonly to: string[];
  readonly subject: string;
  readonly text: string;
  readonly wait: number;
  readonly format: 'console' | 'json';
}

const seconds = (text: string): number => Math.min(3600, Math.max(0, Number(text) || 0));

export function define(command: Command): void {
  withConfig(command)
    .requiredOption('--from <address>', 'an address of the running network', directAddress)
    .requiredOption('--to <address...>', 'one or several recipients', directAddresses)
    .option('--subject <text>', 'subject', 'A message from the command line')
    .option('--text <text>', 'text of the message', 'Sent with anchorage send.')
    .option('--wait <seconds>', 'how long to wait for the fate of every recipient', seconds, 15)
    .addOption(
      new Option('--format <format>', 'form of the result').choices(['console', 'json']).default('console'),
    )
    .addHelpText('after', '\nExit code: 0 every recipient has it, 1 one failed, 3 the fate is not known yet.')
    .action(async (options: SendOptions) => {
      const host = realHost();
      const client = connect(options);
      const { from, to, subject, text } = options;
      const { id } = z
        .object({ id: z.string() })
        .parse(await client.call('POST', '/send', { from, to, subject, text }));
      if (options.format === 'console')
        note(`accepted as ${id}; the message is stored, signed and encrypted next`);
      const fates = await fateOf(client, host, options, id);
      if (options.format === 'json') out(JSON.stringify({ id, from, recipients: fates }, null, 2));
      else for (const line of fates.flatMap(fateLines)) out(line);
      process.exitCode = fates.some((one) => one.tone === 'bad')
        ? 1
        : fates.every((one) => one.tone === 'good')
          ? 0
          : 3;
    });
}

/** Asks until every recipient has come to an end, or the time is over. */
async function fateOf(client: Client, host: Host, options: SendOptions, id: string): Promise<SentView[]> {
  const end = host.mono() + options.wait * 1000;
  for (;;) {
    const view = (await client.call('GET', `/mailboxes/${encodeURIComponent(options.from)}`)) as MailboxView;
    const fates = view.sent.filter((one) => one.id === id);
    if (fates.every((one) => one.tone === 'good' || one.tone === 'bad') || host.mono() >= end) return fates;
    await new Promise<void>((resolve) => void host.timer(100, resolve));
  }
}

function fateLines(fate: SentView): string[] {
  const paint = fate.tone === 'good' ? style.good : fate.tone === 'bad' ? style.bad : style.warn;
  const sign = fate.tone === 'good' ? '✓' : fate.tone === 'bad' ? '✗' : '…';
  return [`${paint(`${sign} ${fate.state}`)}  ${fate.to}`, ...(fate.detail ? [`  ${fate.detail}`] : [])];
}
