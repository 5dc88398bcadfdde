import { html } from 'hono/html';
import type { Letter, RecipientFate, SentLetter } from '../../../src/hisp/tenancy/mailroom.ts';
import type { MailboxItem } from '../../../src/store/mailbox.ts';
import { moment } from '../../desk/section.ts';
import { type Html, tokenField } from '../../layout.ts';
import { badge } from '../../parts/badge.ts';
import { count } from '../../parts/count.ts';
import { choiceField, textField } from '../../parts/fields.ts';
import type { Tone } from '../../views.ts';

const KIND = { message: 'message', mdn: 'confirmation', dsn: 'failure notice' } as const;

export const MAX_FILES = 20;

const TABS = [
  ['inbox', '/webmail', 'Inbox'],
  ['sent', '/webmail/sent', 'Sent'],
  ['write', '/webmail/new', 'Write'],
] as const;

/** The frame of webmail: whose it is, and the ways through it. */
export const webmailPage = (
  addresses: readonly string[],
  here: (typeof TABS)[number][0] | '',
  body: Html,
) => html`<div class="page-head"><h1>Webmail</h1><p class="muted mono">${addresses.join(' · ')}</p></div>
<nav class="tabs" aria-label="Webmail">${TABS.map(
  ([id, href, name]) => html`<a href="${href}"${id === here ? html` aria-current="page"` : ''}>${name}</a>`,
)}</nav>${body}`;

export const inbox = (
  items: readonly MailboxItem[],
  many: boolean,
  older: number | undefined,
  more: string | undefined,
) => html`<section class="panel" id="inbox"
  ${older === undefined ? html`hx-get="/webmail" hx-trigger="every 5s" hx-select="#inbox" hx-swap="outerHTML"` : ''}>
  ${
    items.length === 0
      ? html`<p class="empty">No mail ${older === undefined ? 'yet' : 'older than this'}.</p>`
      : html`<table class="rows stack">
  <thead><tr><th scope="col">From</th><th scope="col">Subject</th>${many ? html`<th scope="col">To</th>` : ''}<th scope="col">Kind</th><th scope="col">At (UTC)</th></tr></thead>
  <tbody>${items.map((item) => {
    const fresh = !item.flags.split(' ').includes('\\Seen');
    return html`<tr class="${fresh ? 'fresh' : ''}">
    <td class="mono" data-label="From">${item.sender}</td>
    <td data-label="Subject"><a href="/webmail/read/${item.id}">${item.subject || '(no subject)'}</a>${fresh ? html` ${badge('info', 'new')}` : ''}</td>
    ${many ? html`<td class="mono" data-label="To">${item.address}</td>` : ''}
    <td data-label="Kind">${KIND[item.kind]}</td>
    <td data-label="At"><small class="mono">${moment(item.received_at)}</small></td>
  </tr>`;
  })}</tbody></table>`
  }
  ${olderLink(more)}
</section>`;

/** What a mail program put here itself was never judged: it belongs to no message that came. */
const origin = ({ kind, message_id }: MailboxItem): Html => {
  if (kind !== 'message') return badge('info', KIND[kind]);
  return message_id === ''
    ? badge('muted', 'put here by a mail program')
    : badge('good', 'signed by a trusted sender');
};

/** The way to what does not fit on this page. */
const olderLink = (href: string | undefined) =>
  href === undefined ? '' : html`<p><a href="${href}">Older</a></p>`;

export const letter = ({ item, shown }: Letter) => html`<article class="panel">
  <h2>${shown.subject || '(no subject)'}</h2>
  <dl class="facts">
    <div><dt>From</dt><dd class="mono">${item.sender}</dd></div>
    <div><dt>To</dt><dd class="mono">${[...shown.to, ...shown.cc].map(({ address }) => address).join(', ') || item.address}</dd></div>
    <div><dt>Came</dt><dd class="mono">${moment(item.received_at)} UTC</dd></div>
  </dl>
  <p>${origin(item)}</p>
  <pre class="letter">${shown.text}</pre>
  ${
    shown.attachments.length === 0
      ? ''
      : html`<h3>Attachments</h3><ul class="attachments">${shown.attachments.map(
          (one, index) =>
            html`<li><a href="/webmail/read/${item.id}/attachments/${index}" download>${one.name}</a> <small class="muted">${one.type}, ${one.size} octets</small></li>`,
        )}</ul>`
  }
  ${shown.incomplete ? html`<p class="muted">Parts of this message are not shown. It is whole <a href="/webmail/read/${item.id}/raw" download>as a file</a>.</p>` : ''}
  <p class="field-row">${item.kind === 'message' ? html`<a class="button" href="/webmail/new?re=${item.id}">Answer</a>` : ''}
  <a class="button quiet" href="/webmail/read/${item.id}/raw" download>Save as a file</a></p>
</article>`;

export interface Draft {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export const compose = (
  addresses: readonly string[],
  draft: Draft,
  token: string,
  refused: string | undefined,
) => html`<section class="panel">
  ${refused === undefined ? '' : html`<p class="notice bad" role="alert">${badge('bad', 'not sent')} ${refused}</p>`}
  <form method="post" action="/webmail/send" enctype="multipart/form-data" class="write">
    ${tokenField(token)}
    ${choiceField({ name: 'from', label: 'From', choices: addresses.map((value) => ({ value, label: value })), value: draft.from })}
    ${textField({ name: 'to', label: 'To', required: true, value: draft.to, hint: 'Direct addresses, with blanks or commas between' })}
    ${textField({ name: 'subject', label: 'Subject', value: draft.subject })}
    <label class="field"><span>Text</span><textarea name="text" rows="10">${draft.text}</textarea></label>
    <label class="field"><span>Attachments</span><input type="file" name="files" multiple>
    <small class="muted">At most ${MAX_FILES} files, 25 MB together</small></label>
    <button type="submit">Sign, encrypt and send</button>
  </form>
</section>`;

const STATE: Readonly<Record<RecipientFate['state'], readonly [Tone, string]>> = {
  open: ['busy', 'under way'],
  processed: ['good', 'received'],
  dispatched: ['good', 'delivered'],
  failed: ['bad', 'failed'],
  'timed-out': ['bad', 'not confirmed'],
  untracked: ['muted', 'sent'],
  received: ['good', 'received'],
  delivered: ['good', 'delivered'],
  duplicate: ['muted', 'duplicate'],
  quarantined: ['bad', 'refused'],
};

const clock = (ms: number): string => moment(ms).slice(11);

const stateOf = ({ state, cause, attempts, again }: RecipientFate) =>
  html`${badge(...STATE[state])}${cause ? html` <small>${cause.sentence}</small>` : ''}${
    cause && again
      ? html` <small class="muted">tried ${count(attempts, 'time')}${again.nextAt === null ? '' : `, again at ${clock(again.nextAt)}`}, until ${clock(again.until)} UTC</small>`
      : ''
  }`;

export const sentList = (
  letters: readonly SentLetter[],
  more: string | undefined,
) => html`<section class="panel">
  ${
    letters.length === 0
      ? html`<p class="empty">Nothing was sent yet.</p>`
      : html`<table class="rows stack">
  <thead><tr><th scope="col">Subject</th><th scope="col">To</th><th scope="col">State</th><th scope="col">At (UTC)</th></tr></thead>
  <tbody>${letters.flatMap((one) =>
    one.recipients.map(
      (recipient, index) => html`<tr>
    <td data-label="Subject">${index === 0 ? html`<a href="/webmail/sent/${one.id}">${one.subject || '(no subject)'}</a>` : ''}</td>
    <td class="mono" data-label="To">${recipient.address}</td>
    <td data-label="State">${stateOf(recipient)}</td>
    <td data-label="At">${index === 0 ? html`<small class="mono">${moment(one.at)}</small>` : ''}</td>
  </tr>`,
    ),
  )}</tbody></table>`
  }
  ${olderLink(more)}
</section>`;

const EVENT_WORDS: Readonly<Record<string, string>> = {
  'message.submitted': 'taken, and on the disk',
  'message.encrypted': 'recipient found and trusted, signed and encrypted',
  'message.sent': 'handed to the server of the recipient',
  'message.processed': 'received there, and confirmed',
  'message.dispatched': 'delivered there, and confirmed',
  'message.failed': 'failed',
  'message.timed-out': 'not confirmed in time',
  'dsn.produced': 'you were told',
};

export const fate = (one: SentLetter) => html`<section class="panel" id="fate"
  ${one.recipients.some(({ state }) => state === 'open') ? html`hx-get="/webmail/sent/${one.id}" hx-trigger="every 2s" hx-select="#fate" hx-swap="outerHTML"` : ''}>
  <h2>${one.subject || '(no subject)'}</h2>
  <p class="muted">From <span class="mono">${one.from}</span>, ${moment(one.at)} UTC</p>
  ${one.recipients.map(
    (recipient) => html`<h3 class="mono">${recipient.address}</h3>
  <p>${stateOf(recipient)}</p>
  ${recipient.cause?.advice ? html`<p>${recipient.cause.advice}</p>` : ''}
  <ol class="fate">${recipient.timeline.map(
    ({ at, event, detail }) =>
      html`<li><small class="mono">${new Date(at).toISOString().slice(11, 19)}</small> ${EVENT_WORDS[event] ?? html`<code class="code">${event}</code>`}${detail && detail !== recipient.cause?.sentence ? html` <small>${detail}</small>` : ''}</li>`,
  )}</ol>`,
  )}
</section>`;
