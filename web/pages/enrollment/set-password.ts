import { html } from 'hono/html';
import { SHORTEST_PASSWORD } from '../../../src/hisp/tenancy/password.ts';
import { type Html, tokenField } from '../../layout.ts';
import { textField } from '../../parts/fields.ts';

export const setPasswordPage = (
  view: { readonly link: string; readonly name: string; readonly refused?: string },
  token: string,
): Html => html`<section class="panel narrow sign-in"><h1>Set your password</h1>
  ${view.refused === undefined ? '' : html`<p class="notice bad" role="alert">${view.refused}</p>`}
  <p class="muted">For the account <strong>${view.name}</strong>. The link works once.</p>
  <form method="post" action="/set-password/${view.link}" class="write">${tokenField(token)}
    <input type="hidden" name="name" autocomplete="username" value="${view.name}">
    ${textField({ name: 'password', label: 'Password', type: 'password', required: true, autocomplete: 'new-password', hint: `At least ${SHORTEST_PASSWORD} characters` })}
    ${textField({ name: 'again', label: 'The same again', type: 'password', required: true, autocomplete: 'new-password' })}
    <button type="submit">Set the password</button></form></section>`;
