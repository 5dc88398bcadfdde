import { html } from 'hono/html';
import { domainChange, domainInput } from '../../../src/hisp/tenancy/input.ts';
import {
  addDomain,
  changeDomain,
  domains,
  type MemberDomain,
  organizations,
} from '../../../src/hisp/tenancy/organizations.ts';
import type { HealthDomain } from '../../../src/store/tenancy-schema.ts';
import { badge } from '../../parts/badge.ts';
import { choiceField, rowsTable, textField } from '../../parts/fields.ts';
import type { Tone } from '../../views.ts';
import { type Form, fitting, numberOf } from '../form.ts';
import { actionForm, behind, type Desk, hidden, type Section } from '../section.ts';

const STATUS: Readonly<Record<HealthDomain['status'], readonly [Tone, string]>> = {
  NEW: ['info', 'new'],
  ENABLED: ['good', 'enabled'],
  DISABLED: ['muted', 'disabled'],
};

const LEVELS: Readonly<Record<MemberDomain['certificates'], string>> = {
  'address-dns': 'for each address, in DNS',
  'domain-dns': 'for the domain, in DNS',
  'address-ldap': 'for each address, in LDAP',
  'domain-ldap': 'for the domain, in LDAP',
};

/** Health Domain Names: their state, profile, timers and policies. */
export const domainsSection: Section = {
  id: 'domains',
  title: 'Domains',
  for: ['operator', 'organization-administrator'],
  async body(desk) {
    const of = desk.query('organization');
    const all = await domains(desk.tenancy.world, desk.actor);
    const list = of === '' ? all : all.filter(({ organization }) => organization === of);
    const operates = desk.actor.role === 'operator';
    return html`<section class="panel">
  ${rowsTable(
    ['Domain', 'Organization', 'State', 'Rules', ...(operates ? [''] : [])],
    list.map((one) => [
      html`<a class="mono" href="/admin/addresses?domain=${one.name}">${one.name}</a>`,
      html`<span class="mono">${one.organization}</span>`,
      badge(...STATUS[one.status]),
      html`<small>${rulesOf(one)}</small>`,
      ...(operates ? [behind('Change', edit(desk, one))] : []),
    ]),
    'There is no domain yet.',
  )}
</section>
${operates ? await add(desk) : ''}`;
  },
  actions: {
    async add({ tenancy, actor }, form) {
      const input = { ...read(form), name: form.text('name'), organization: form.text('organization') };
      const { name } = await addDomain(tenancy.world, actor, fitting(domainInput, input));
      return {
        text: `${name} was added. Once it is enabled it takes mail, and gets what certificates it needs.`,
      };
    },
    async change({ tenancy, actor }, form) {
      const { name } = await changeDomain(
        tenancy.world,
        actor,
        form.text('name'),
        fitting(domainChange, read(form)),
      );
      return { text: `${name} was changed.` };
    },
  },
};

function rulesOf(one: MemberDomain): string {
  const minutes = (ms: number) => `${ms / 60_000} min`;
  return [
    LEVELS[one.certificates],
    one.keys === 'pair' ? 'single-use certificates' : '',
    `profile ${one.profile}`,
    one.revocation === null ? '' : `revocation ${one.revocation}`,
    one.unwrapped === null ? '' : `unwrapped: ${one.unwrapped}`,
    one.processed_ms === null ? '' : `processed ${minutes(one.processed_ms)}`,
    one.dispatched_ms === null ? '' : `dispatched ${minutes(one.dispatched_ms)}`,
    one.postmaster === null ? '' : one.postmaster,
  ]
    .filter((text) => text !== '')
    .join(' · ');
}

const read = (form: Form) => ({
  status: form.text('status'),
  certificates: form.optional('certificates') ?? undefined,
  keys: form.optional('keys') ?? undefined,
  profile: form.text('profile'),
  postmaster: form.optional('postmaster'),
  unwrapped: form.optional('unwrapped'),
  revocation: form.optional('revocation'),
  processedMinutes: numberOf(form.optional('processedMinutes')),
  dispatchedMinutes: numberOf(form.optional('dispatchedMinutes')),
});

const same = { value: '', label: 'as the settings' };
const plain = (...values: string[]) => values.map((value) => ({ value, label: value }));

const rules = (one?: MemberDomain) => html`
  ${choiceField({ name: 'status', label: 'State', choices: plain('NEW', 'ENABLED', 'DISABLED'), value: one?.status ?? 'ENABLED' })}
  ${choiceField({ name: 'certificates', label: 'Certificates', choices: Object.entries(LEVELS).map(([value, label]) => ({ value, label })), value: one?.certificates })}
  ${choiceField({
    name: 'keys',
    label: 'Keys',
    choices: [
      { value: 'dual', label: 'one for both uses' },
      { value: 'pair', label: 'one to sign, one to encrypt' },
    ],
    value: one?.keys,
  })}
  ${choiceField({ name: 'profile', label: 'Profile', choices: plain('1.3', '1.2'), value: one?.profile })}
  ${choiceField({ name: 'revocation', label: 'Unknown revocation status', choices: [same, { value: 'require', label: 'refuse' }, { value: 'soft', label: 'accept and say so' }], value: one?.revocation ?? '' })}
  ${choiceField({ name: 'unwrapped', label: 'Messages that are not wrapped', choices: [same, ...plain('refuse', 'accept')], value: one?.unwrapped ?? '' })}
  ${textField({ name: 'processedMinutes', label: 'Minutes until a processed notice is missed', value: minutesText(one?.processed_ms), placeholder: 'as the settings' })}
  ${textField({ name: 'dispatchedMinutes', label: 'Minutes until a dispatched notice is missed', value: minutesText(one?.dispatched_ms), placeholder: 'as the settings' })}
  ${textField({ name: 'postmaster', label: 'Postmaster', value: one?.postmaster ?? '', placeholder: 'postmaster@ the domain' })}`;

const minutesText = (ms: number | null | undefined): string => (ms ? String(ms / 60_000) : '');

const edit = (desk: Desk, one: MemberDomain) =>
  actionForm(desk, 'domains', 'change', html`${hidden('name', one.name)}${rules(one)}`, { label: 'Save' });

async function add(desk: Desk) {
  const choices = (await organizations(desk.tenancy.world, desk.actor)).map(({ id, name }) => ({
    value: id,
    label: name,
  }));
  return html`<section class="panel"><h2>Add a domain</h2>
  ${actionForm(
    desk,
    'domains',
    'add',
    html`${textField({ name: 'name', label: 'Domain', required: true, placeholder: 'direct.clinic.example' })}
    ${choiceField({ name: 'organization', label: 'Organization', choices, value: desk.query('organization') })}
    ${rules()}`,
    { label: 'Add' },
  )}</section>`;
}
