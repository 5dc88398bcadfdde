import { html } from 'hono/html';
import { addressChange, addressInput } from '../../../src/hisp/tenancy/input.ts';
import { addAddress, addresses, changeAddress, domains } from '../../../src/hisp/tenancy/organizations.ts';
import { accounts, changeAccount } from '../../../src/hisp/tenancy/people.ts';
import { keys } from '../../../src/hisp/tenancy/trust.ts';
import type { DirectAddress } from '../../../src/store/tenancy-schema.ts';
import { badge } from '../../parts/badge.ts';
import { choiceField, rowsTable, textField } from '../../parts/fields.ts';
import { fitting } from '../form.ts';
import { actionForm, behind, type Desk, hidden, type Section } from '../section.ts';

/** Direct addresses: who reads them, whether they can send, aliases. */
export const addressesSection: Section = {
  id: 'addresses',
  title: 'Addresses',
  for: ['operator', 'organization-administrator'],
  async body(desk) {
    const { world } = desk.tenancy;
    const inDomain = desk.query('domain');
    const list = await addresses(world, desk.actor, inDomain || undefined);
    const people = await accounts(world, desk.actor);
    const signing = new Set(
      (await keys(world, desk.actor)).flatMap(({ owner, state, hasKey }) =>
        state === 'active' && hasKey ? owner : [],
      ),
    );
    const readers = (address: string) =>
      people.filter((one) => one.addresses.includes(address)).map(({ name }) => name);
    return html`${await add(desk, inDomain)}
<section class="panel">
  ${rowsTable(
    ['Address', 'Read by', 'Certificate', 'State', ''],
    list.map((one) => [
      html`<span class="mono">${one.address}</span>${one.display_name ? html`<small class="muted">${one.display_name}</small>` : ''}`,
      one.alias_of === null
        ? html`<small>${readers(one.address).join(', ') || 'nobody yet'}</small>`
        : html`<small>alias of <span class="mono">${one.alias_of}</span></small>`,
      certificateOf(one, signing),
      one.status === 'enabled' ? badge('good', 'enabled') : badge('muted', 'disabled'),
      html`${toggle(desk, one)}${behind('Change', edit(desk, one))}`,
    ]),
    'There is no address yet.',
  )}
</section>`;
  },
  actions: {
    async add(desk, form) {
      const { world } = desk.tenancy;
      const local = form.text('local');
      const made = await addAddress(
        world,
        desk.actor,
        fitting(addressInput, {
          address: local.includes('@') ? local : `${local}@${form.text('domain')}`,
          displayName: form.optional('displayName'),
          aliasOf: form.optional('aliasOf'),
        }),
      );
      const reader = form.text('account');
      if (reader === '') return { text: `${made.address} was added.` };
      const people = await accounts(world, desk.actor);
      const account = people.find(({ id }) => id === reader);
      await changeAccount(world, desk.actor, reader, {
        addresses: [...(account?.addresses ?? []), made.address],
      });
      return {
        text: `${made.address} was added and is read by ${account?.name ?? reader}, who signs in again.`,
      };
    },
    async change(desk, form) {
      const status = form.optional('status');
      const input = status
        ? { status }
        : {
            displayName: form.optional('displayName'),
            aliasOf: form.optional('aliasOf'),
            plusTags: form.text('plusTags'),
          };
      const { address } = await changeAddress(
        desk.tenancy.world,
        desk.actor,
        form.text('address'),
        fitting(addressChange, input),
      );
      return { text: `${address} was changed.` };
    },
  },
};

const certificateOf = (one: DirectAddress, signing: ReadonlySet<string>) =>
  signing.has(one.address)
    ? html`<small>its own</small>`
    : signing.has(one.domain)
      ? html`<small>of the domain</small>`
      : html`${badge('warn', 'none')}<small class="muted">it can neither send nor take mail; <a href="/admin/keys?owner=${encodeURIComponent(one.address)}">add one</a></small>`;

const toggle = (desk: Desk, { address, status }: DirectAddress) =>
  actionForm(
    desk,
    'addresses',
    'change',
    html`${hidden('address', address)}${hidden('status', status === 'enabled' ? 'disabled' : 'enabled')}`,
    { label: status === 'enabled' ? 'Disable' : 'Enable', quiet: true, small: true },
  );

const edit = (desk: Desk, one: DirectAddress) =>
  actionForm(
    desk,
    'addresses',
    'change',
    html`${hidden('address', one.address)}
    ${textField({ name: 'displayName', label: 'Name', value: one.display_name ?? '' })}
    ${textField({ name: 'aliasOf', label: 'Alias of', value: one.alias_of ?? '', hint: 'Mail goes to the mailbox of this address instead' })}
    ${choiceField({
      name: 'plusTags',
      label: 'name+tag',
      choices: [
        { value: 'accept', label: 'is this address' },
        { value: 'refuse', label: 'is no address' },
      ],
      value: one.plus_tags,
    })}`,
    { label: 'Save' },
  );

async function add(desk: Desk, inDomain: string) {
  const { world } = desk.tenancy;
  const names = (await domains(world, desk.actor)).map(({ name }) => ({ value: name, label: `@${name}` }));
  const people = (await accounts(world, desk.actor)).map(({ id, name }) => ({ value: id, label: name }));
  return html`<section class="panel"><h2>Add an address</h2>
  ${actionForm(
    desk,
    'addresses',
    'add',
    html`<div class="joined">${textField({ name: 'local', label: 'Address', required: true, placeholder: 'referrals' })}
    ${choiceField({ name: 'domain', label: 'Domain', choices: names, value: inDomain })}</div>
    ${textField({ name: 'displayName', label: 'Name' })}
    ${choiceField({ name: 'account', label: 'Read by', choices: [{ value: '', label: 'nobody yet' }, ...people] })}
    ${textField({ name: 'aliasOf', label: 'Alias of', hint: 'Leave it empty for a mailbox of its own' })}`,
    { label: 'Add the address' },
  )}</section>`;
}
