import { html } from 'hono/html';
import { organizationChange, organizationInput } from '../../../src/hisp/tenancy/input.ts';
import {
  addOrganization,
  changeOrganization,
  organizations,
} from '../../../src/hisp/tenancy/organizations.ts';
import { badge } from '../../parts/badge.ts';
import { rowsTable, textField } from '../../parts/fields.ts';
import { fitting } from '../form.ts';
import { actionForm, type Desk, hidden, type Section } from '../section.ts';

/** Organizations: operators add them and close them. */
export const organizationsSection: Section = {
  id: 'organizations',
  title: 'Organizations',
  for: ['operator', 'organization-administrator'],
  async body(desk) {
    const list = await organizations(desk.tenancy.world, desk.actor);
    const operates = desk.actor.role === 'operator';
    return html`<section class="panel">
  ${rowsTable(
    ['Name', 'Short name', 'Member', 'State', ''],
    list.map((one) => [
      html`<a href="/admin/domains?organization=${one.id}">${one.name}</a>`,
      html`<span class="mono">${one.id}</span>`,
      one.connected_hisp === null ? 'our own' : `of ${one.connected_hisp}`,
      one.status === 'enabled' ? badge('good', 'enabled') : badge('muted', 'disabled'),
      operates ? toggle(desk, one.id, one.status) : '',
    ]),
    'There is no organization yet.',
  )}
</section>
${operates ? add(desk) : ''}`;
  },
  actions: {
    async add({ tenancy, actor }, form) {
      const input = {
        id: form.text('id'),
        name: form.text('name'),
        connectedHisp: form.optional('connectedHisp'),
      };
      const { name } = await addOrganization(tenancy.world, actor, fitting(organizationInput, input));
      return { text: `${name} was added. Give it a domain next.` };
    },
    async change({ tenancy, actor }, form) {
      const input = fitting(organizationChange, { status: form.text('status') });
      const { name, status } = await changeOrganization(tenancy.world, actor, form.text('id'), input);
      return { text: `${name} is ${status} from now on.` };
    },
  },
};

const toggle = (desk: Desk, id: string, status: 'enabled' | 'disabled') =>
  actionForm(
    desk,
    'organizations',
    'change',
    html`${hidden('id', id)}${hidden('status', status === 'enabled' ? 'disabled' : 'enabled')}`,
    { label: status === 'enabled' ? 'Disable' : 'Enable', quiet: true, small: true },
  );

const add = (desk: Desk) => html`<section class="panel"><h2>Add an organization</h2>
  ${actionForm(
    desk,
    'organizations',
    'add',
    html`${textField({ name: 'name', label: 'Name', required: true, placeholder: 'Lakeside Family Clinic' })}
    ${textField({ name: 'id', label: 'Short name', required: true, placeholder: 'lakeside', hint: 'a-z, 0-9 and hyphen; it does not change' })}
    ${textField({ name: 'connectedHisp', label: 'Connected HISP', hint: 'The HISP that it is with, when it is not a member of our own' })}`,
    { label: 'Add' },
  )}</section>`;
