import { html } from 'hono/html';
import { accountChange, accountInput } from '../../../src/hisp/tenancy/input.ts';
import { organizations } from '../../../src/hisp/tenancy/organizations.ts';
import {
  accounts,
  addAccount,
  changeAccount,
  resetPassword,
  type WithPassword,
} from '../../../src/hisp/tenancy/people.ts';
import type { Account } from '../../../src/store/accounts.ts';
import type { Role } from '../../../src/store/tenancy-schema.ts';
import { badge } from '../../parts/badge.ts';
import { choiceField, rowsTable, textField } from '../../parts/fields.ts';
import { fitting, listOf } from '../form.ts';
import { actionForm, behind, type Desk, hidden, type Section, type Told } from '../section.ts';

export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  operator: 'operator',
  'organization-administrator': 'administrator',
  user: 'user',
};

/** Accounts: who may sign in, as what, with which addresses. */
export const accountsSection: Section = {
  id: 'accounts',
  title: 'Accounts',
  for: ['operator', 'organization-administrator'],
  async body(desk) {
    const list = await accounts(desk.tenancy.world, desk.actor);
    return html`<section class="panel">
  ${rowsTable(
    ['Name', 'Role', 'Organization', 'Addresses', 'State', ''],
    list.map((one) => [
      html`<span class="mono">${one.name}</span>${one.display_name ? html`<small class="muted">${one.display_name}</small>` : ''}`,
      ROLE_WORDS[one.role],
      html`<span class="mono">${one.organization ?? '–'}</span>`,
      html`<small class="mono">${one.addresses.join(' ')}</small>`,
      one.status === 'enabled' ? badge('good', 'enabled') : badge('muted', 'disabled'),
      one.id === desk.actor.account
        ? html`<small class="muted">you</small>`
        : behind('Change', edit(desk, one)),
    ]),
    'There is no account yet.',
  )}
</section>
${await add(desk)}`;
  },
  actions: {
    async add({ tenancy, actor }, form) {
      const made = await addAccount(
        tenancy.world,
        actor,
        fitting(accountInput, {
          name: form.text('name'),
          displayName: form.optional('displayName'),
          role: form.text('role'),
          organization: form.optional('organization'),
          addresses: listOf(form.text('addresses')),
        }),
      );
      return passwordTold(made, 'was added');
    },
    async change({ tenancy, actor }, form) {
      const status = form.optional('status');
      const input = status
        ? { status }
        : {
            displayName: form.optional('displayName'),
            role: form.text('role'),
            addresses: listOf(form.text('addresses')),
          };
      const { name } = await changeAccount(
        tenancy.world,
        actor,
        form.text('id'),
        fitting(accountChange, input),
      );
      return { text: `${name} was changed, and signs in again.` };
    },
    async password({ tenancy, actor }, form) {
      return passwordTold(await resetPassword(tenancy.world, actor, form.text('id')), 'has a new password');
    },
  },
};

const passwordTold = ({ account, password }: WithPassword, what: string): Told => ({
  text: `${account.name} ${what}.`,
  ...(password === undefined ? {} : { secret: { name: 'Password', value: password } }),
});

const roles = (desk: Desk) =>
  (Object.keys(ROLE_WORDS) as Role[])
    .filter((role) => role !== 'operator' || desk.actor.role === 'operator')
    .reverse()
    .map((value) => ({ value, label: ROLE_WORDS[value] }));

const edit = (desk: Desk, one: Account) => html`${actionForm(
  desk,
  'accounts',
  'change',
  html`${hidden('id', one.id)}
  ${textField({ name: 'displayName', label: 'Name of the person', value: one.display_name ?? '' })}
  ${choiceField({ name: 'role', label: 'Role', choices: roles(desk), value: one.role })}
  ${textField({ name: 'addresses', label: 'Addresses', value: one.addresses.join(' '), hint: 'With blanks between; the first one is meant where one is' })}`,
  { label: 'Save' },
)}
<div class="field-row">${actionForm(desk, 'accounts', 'password', hidden('id', one.id), { label: 'New password', quiet: true, small: true })}
${actionForm(
  desk,
  'accounts',
  'change',
  html`${hidden('id', one.id)}${hidden('status', one.status === 'enabled' ? 'disabled' : 'enabled')}`,
  { label: one.status === 'enabled' ? 'Disable' : 'Enable', quiet: true, small: true },
)}</div>`;

async function add(desk: Desk) {
  const choices = (await organizations(desk.tenancy.world, desk.actor)).map(({ id, name }) => ({
    value: id,
    label: name,
  }));
  const none = desk.actor.role === 'operator' ? [{ value: '', label: 'none (operators)' }] : [];
  return html`<section class="panel"><h2>Add an account</h2>
  ${actionForm(
    desk,
    'accounts',
    'add',
    html`${textField({ name: 'name', label: 'Name', required: true, hint: 'What is typed to sign in; often the address' })}
    ${textField({ name: 'displayName', label: 'Name of the person' })}
    ${choiceField({ name: 'role', label: 'Role', choices: roles(desk), value: 'user' })}
    ${choiceField({ name: 'organization', label: 'Organization', choices: [...choices, ...none] })}
    ${textField({ name: 'addresses', label: 'Addresses', hint: 'With blanks between; each has to exist' })}`,
    { label: 'Add, and draw a password' },
  )}</section>`;
}
