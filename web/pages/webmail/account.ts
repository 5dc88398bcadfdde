import { html } from 'hono/html';
import { APP_EDGES } from '../../../src/hisp/tenancy/input.ts';
import { SHORTEST_PASSWORD } from '../../../src/hisp/tenancy/password.ts';
import type { Account } from '../../../src/store/accounts.ts';
import type { AppPasswordRow } from '../../../src/store/tenancy-schema.ts';
import { moment, type Told } from '../../desk/section.ts';
import { tokenField } from '../../layout.ts';
import { badge } from '../../parts/badge.ts';
import { checkField, rowsTable, textField } from '../../parts/fields.ts';

const EDGE_WORDS = {
  submission: 'sending by SMTP',
  pop3: 'POP3',
  imap: 'IMAP',
  rest: 'the HTTP API',
} as const;

export interface AccountView {
  readonly account: Account;
  readonly appPasswords: readonly AppPasswordRow[];
  readonly told?: Told;
  readonly refused?: string;
}

/** One's own account: password, and passwords for programs. */
export const accountPage = (
  view: AccountView,
  token: string,
) => html`<div class="page-head"><h1>${view.account.display_name ?? view.account.name}</h1>
<p class="muted"><span class="mono">${view.account.name}</span> ${view.account.addresses.filter((one) => one !== view.account.name).map((one) => html` · <span class="mono">${one}</span>`)}</p></div>
${view.refused === undefined ? '' : html`<p class="notice bad" role="alert">${badge('bad', 'not done')} ${view.refused}</p>`}
${
  view.told
    ? html`<div class="notice good" role="status">${badge('good', 'done')} ${view.told.text}${
        view.told.secret
          ? html`<p class="secret">${view.told.secret.name}: <code>${view.told.secret.value}</code> <small class="muted">It is shown this once.</small></p>`
          : ''
      }</div>`
    : ''
}
<div class="two-thirds"><section class="panel"><h2>Passwords for programs</h2>
  <p class="muted">A mail program, or a program that uses the HTTP API, gets a password of its own. It opens only what it is for, and is taken back without harm to the others.</p>
  ${rowsTable(
    ['For', 'Opens', 'Since (UTC)', ''],
    view.appPasswords.map((one) => [
      one.label,
      one.edges,
      html`<small class="mono">${moment(one.created_at)}</small>`,
      one.revoked_at === null
        ? html`<form method="post" action="/account" class="inline-form">${tokenField(token)}<input type="hidden" name="do" value="revoke"><input type="hidden" name="id" value="${one.id}"><button type="submit" class="quiet small">Take back</button></form>`
        : badge('muted', 'taken back'),
    ]),
    'There is none yet.',
  )}
  <h3>Another one</h3>
  <form method="post" action="/account" class="write">${tokenField(token)}<input type="hidden" name="do" value="app">
    ${textField({ name: 'label', label: 'For', required: true, placeholder: 'Thunderbird on the desk' })}
    ${APP_EDGES.map((edge) => checkField({ name: 'edges', value: edge, label: EDGE_WORDS[edge], checked: edge !== 'rest' }))}
    <button type="submit">Draw a password</button></form>
</section>
<section class="panel"><h2>Your password</h2>
  <form method="post" action="/account" class="write">${tokenField(token)}<input type="hidden" name="do" value="password">
    ${textField({ name: 'current', label: 'Current password', type: 'password', required: true, autocomplete: 'current-password' })}
    ${textField({ name: 'password', label: 'New password', type: 'password', required: true, autocomplete: 'new-password', hint: `At least ${SHORTEST_PASSWORD} characters; a sentence is a good one` })}
    <button type="submit">Change it</button></form>
  <p class="muted">Every session ends; sign in again.</p>
</section></div>`;
