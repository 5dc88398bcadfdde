import { html } from 'hono/html';
import { tokenField } from '../layout.ts';
import { textField } from '../parts/fields.ts';

export interface SignInView {
  /** The page that was asked for. */
  readonly to: string;
  readonly name: string;
  /** Why the last attempt failed. */
  readonly refused?: string;
}

export const signInPage = (view: SignInView, token: string) => html`<section class="panel narrow sign-in">
  <h1>Sign in</h1>
  ${view.refused === undefined ? '' : html`<p class="notice bad" role="alert">${view.refused}</p>`}
  <form method="post" action="/sign-in" class="write">
    ${tokenField(token)}<input type="hidden" name="to" value="${view.to}">
    ${textField({ name: 'name', label: 'Name', value: view.name, required: true, autocomplete: 'username', placeholder: 'name@direct.clinic.example' })}
    ${textField({ name: 'password', label: 'Password', type: 'password', required: true, autocomplete: 'current-password' })}
    <button type="submit">Sign in</button>
  </form>
  <p class="muted">The names and passwords of this network: <code>anchorage hisp account list --demo-passwords</code></p>
</section>`;
