/**
 * `anchorage mailbox`: what an address of the running network received and sent; or one message of it.
 *
 * @module
 */
import { type Command, Option } from 'commander';
import type { LetterView, MailboxView } from '../../web/views.ts';
import { withConfig } from './options.ts';
import { columns, out, style } from './terminal.ts';
import { connect } from './up/running.ts';

interface MailboxOptions {
  readonly config?: string;
  readonly raw?: boolean;
  readonly format: 'console' | 'json';
}

export function define(command: Command): void {
  withConfig(command)
    .argument('<address>')
    .argument('[number]', 'number of a message, to read it')
    .option('--raw', 'print the message octet for octet')
    .addOption(
      new Option('--format <format>', 'form of the result').choices(['console', 'json']).default('console'),
    )
    .action(async (address: string, number: string | undefined, options: MailboxOptions) => {
      const client = connect(options);
      const path = `/mailboxes/${encodeURIComponent(address)}`;
      if (number !== undefined) {
        const letter = (await client.call('GET', `${path}/${encodeURIComponent(number)}`)) as LetterView;
        if (options.raw) process.stdout.write(letter.raw);
        else if (options.format === 'json') out(JSON.stringify(letter, null, 2));
        else read(letter);
        return;
      }
      const view = (await client.call('GET', path)) as MailboxView;
      if (options.format === 'json') out(JSON.stringify(view, null, 2));
      else list(view);
    });
}

const KIND = { message: 'message', mdn: 'confirmation', dsn: 'failure notice' } as const;

function list(view: MailboxView): void {
  out(
    style.bold(view.address) +
      (view.person ? style.dim(`  ${view.person.name}, ${view.person.organization}`) : ''),
  );
  out();
  out(view.received.length === 0 ? 'No mail.' : style.bold('Received'));
  const received = view.received.map((mail) => [
    `  ${mail.id}`,
    mail.at,
    KIND[mail.kind],
    mail.from,
    mail.subject || '(no subject)',
  ]);
  for (const line of columns(received)) out(line);
  if (view.refused.length > 0) {
    out();
    out(style.bold('Not let in'));
    const refused = view.refused.map((one) => [
      `  ${one.at}`,
      one.from,
      style.bad(one.code),
      style.dim(one.why),
    ]);
    for (const line of columns(refused)) out(line);
  }
  if (view.sent.length === 0) return;
  out();
  out(style.bold('Sent'));
  const paint = {
    good: style.good,
    bad: style.bad,
    warn: style.warn,
    muted: style.dim,
    info: style.dim,
    busy: style.warn,
  };
  const sent = view.sent.map((one) => [
    `  ${one.at}`,
    paint[one.tone](one.state),
    one.to,
    one.subject,
    style.dim(one.detail),
  ]);
  for (const line of columns(sent)) out(line);
}

function read(letter: LetterView): void {
  for (const name of ['From', 'To', 'Date', 'Subject', 'Message-ID']) {
    const field = letter.headers.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (field) out(`${style.bold(`${name}:`)} ${field.value}`);
  }
  out();
  out(letter.text);
}
