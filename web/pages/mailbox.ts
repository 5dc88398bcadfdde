import { html } from 'hono/html';
import { tokenField } from '../layout.ts';
import { badge } from '../parts/badge.ts';
import type { MailboxView, MailView } from '../views.ts';

const KIND = { message: 'message', mdn: 'confirmation', dsn: 'failure notice' } as const;

export const mailboxPage = (
  view: MailboxView,
  token: string,
  said: string | undefined,
) => html`<div class="page-head">
  <h1 class="mono">${view.address}</h1>
  ${view.person ? html`<p class="muted">${view.person.name}, ${view.person.organization} · ${view.person.hisp}</p>` : ''}
</div>
${
  said === undefined
    ? ''
    : said === 'accepted'
      ? html`<p class="notice good" role="status">${badge('good', 'accepted')} The message is stored and on its way. Its fate stands under Sent.</p>`
      : html`<p class="notice bad" role="alert">${badge('bad', 'not accepted')} ${said}</p>`
}
<div class="two-thirds">
  <div class="column">
    <section class="panel" id="received" aria-labelledby="in"
      hx-get="/mailbox/${encodeURIComponent(view.address)}" hx-trigger="every 3s" hx-select="#received" hx-swap="outerHTML">
      <h2 id="in">Received</h2>
      ${view.received.length === 0 ? html`<p class="empty">No mail yet.</p>` : mails(view)}
    </section>
    <section class="panel" id="sent" aria-labelledby="out"
      hx-get="/mailbox/${encodeURIComponent(view.address)}" hx-trigger="every 3s" hx-select="#sent" hx-swap="outerHTML">
      <h2 id="out">Sent</h2>
      ${view.sent.length === 0 ? html`<p class="empty">Nothing was sent from here.</p>` : sent(view)}
    </section>
    ${view.refused.length === 0 ? '' : refused(view)}
  </div>
  <section class="panel" aria-labelledby="write">
    <h2 id="write">Write</h2>
    <form method="post" action="/mailbox/${encodeURIComponent(view.address)}/send" class="write">
      ${tokenField(token)}
      <label for="to">To</label><input id="to" name="to" type="text" required spellcheck="false" autocapitalize="off">
      <label for="subject">Subject</label><input id="subject" name="subject" type="text">
      <label for="text">Text</label><textarea id="text" name="text" rows="7"></textarea>
      <button type="submit">Sign, encrypt and send</button>
    </form>
  </section>
</div>`;

const mails = (view: MailboxView) => html`<table class="mails received stack">
  <thead><tr><th scope="col">From</th><th scope="col">Subject</th><th scope="col">Kind</th></tr></thead>
  <tbody>${view.received.map(
    (mail: MailView) => html`<tr>
    <td class="mono" data-label="From">${mail.from}</td>
    <td data-label="Subject"><a href="/mailbox/${encodeURIComponent(view.address)}/${mail.id}">${mail.subject || '(no subject)'}</a><small class="muted mono">${mail.at}</small></td>
    <td data-label="Kind">${KIND[mail.kind]}</td>
  </tr>`,
  )}</tbody>
</table>`;

const sent = (view: MailboxView) => html`<table class="mails sent stack">
  <thead><tr><th scope="col">To</th><th scope="col">Subject</th><th scope="col">Fate</th></tr></thead>
  <tbody>${view.sent.map(
    (mail) => html`<tr>
    <td class="mono" data-label="To">${mail.to}</td>
    <td data-label="Subject">${mail.subject || '(no subject)'}<small class="muted mono">${mail.at}</small></td>
    <td data-label="Fate">${badge(mail.tone, mail.state)}${mail.detail ? html`<small>${mail.detail}</small>` : ''}</td>
  </tr>`,
  )}</tbody>
</table>`;

const refused = (view: MailboxView) => html`<section class="panel" aria-labelledby="not-in">
  <h2 id="not-in">Not let in</h2>
  <p class="muted">These came and were refused in silence, as Direct wants it: whoever is not trusted gets no answer. Their senders hear of it when no confirmation comes.</p>
  <table class="mails sent stack">
    <thead><tr><th scope="col">From</th><th scope="col">At</th><th scope="col">Why</th></tr></thead>
    <tbody>${view.refused.map(
      (one) => html`<tr>
      <td class="mono" data-label="From">${one.from}</td>
      <td data-label="At"><small class="muted mono">${one.at}</small></td>
      <td data-label="Why">${badge('bad', 'refused')} <code class="code">${one.code}</code><small>${one.why}</small></td>
    </tr>`,
    )}</tbody>
  </table>
</section>`;
