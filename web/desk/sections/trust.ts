import { html } from 'hono/html';
import {
  anchorInput,
  keyChange,
  keyInput,
  keyOrder,
  REVOCATION_REASONS,
  subscriptionInput,
} from '../../../src/hisp/tenancy/input.ts';
import { issueKey } from '../../../src/hisp/tenancy/issuing.ts';
import { domains } from '../../../src/hisp/tenancy/organizations.ts';
import {
  addAnchor,
  addKey,
  anchors,
  changeKey,
  keys,
  putBundle,
  removeAnchor,
  removeBundle,
  subscriptions,
} from '../../../src/hisp/tenancy/trust.ts';
import { formatName } from '../../../src/pki/name.ts';
import { badge } from '../../parts/badge.ts';
import { areaField, checkField, choiceField, rowsTable, textField } from '../../parts/fields.ts';
import type { Tone } from '../../views.ts';
import { type Form, fitting, numberOf } from '../form.ts';
import { actionForm, behind, type Desk, hidden, moment, type Section } from '../section.ts';

const KEY_STATE: Readonly<Record<'active' | 'decrypt-only' | 'revoked', readonly [Tone, string]>> = {
  active: ['good', 'active'],
  'decrypt-only': ['muted', 'only decrypts'],
  revoked: ['bad', 'revoked'],
};

const directions = ({ incoming, outgoing }: { incoming: number; outgoing: number }): string =>
  incoming === 1 && outgoing === 1
    ? 'both'
    : incoming === 1
      ? 'incoming'
      : outgoing === 1
        ? 'outgoing'
        : 'none';

const short = (sha256: string) => html`<span class="mono" title="${sha256}">${sha256.slice(0, 12)}…</span>`;

/** Certificates with their keys, of addresses and of domains. */
export const keysSection: Section = {
  id: 'keys',
  title: 'Keys',
  for: ['operator', 'organization-administrator'],
  async body(desk) {
    const list = await keys(desk.tenancy.world, desk.actor);
    return html`<section class="panel">
  ${rowsTable(
    ['Owner', 'Certificate', 'Valid until', 'Purpose', 'State', ''],
    list.map((one) => [
      html`<span class="mono">${one.owner}</span>`,
      short(one.sha256),
      moment(one.certificate.notAfter).slice(0, 10),
      one.purpose,
      html`${badge(...KEY_STATE[one.state])}${one.hasKey ? '' : html`<small class="muted">no private key here</small>`}`,
      one.state === 'revoked' ? '' : behind('Change', stateForm(desk, one)),
    ]),
    'There is no key yet.',
  )}
</section>
${
  desk.tenancy.world.issuer
    ? html`<section class="panel"><h2>Issue a certificate</h2>
  <p class="muted">Who is enabled gets a certificate without asking. Issue another one to renew it early, or after it was revoked.</p>
  ${actionForm(
    desk,
    'keys',
    'issue',
    textField({ name: 'owner', label: 'Address or domain', required: true, value: desk.query('owner') }),
    { label: 'Issue' },
  )}</section>`
    : ''
}
<section class="panel"><h2>Add a key</h2>
  ${actionForm(
    desk,
    'keys',
    'add',
    html`${textField({ name: 'owner', label: 'Address or domain', required: true, value: desk.query('owner') })}
    ${areaField({ name: 'certificate', label: 'Certificate', rows: 5, required: true, mono: true, hint: 'PEM; the owner is among its subject alternative names' })}
    ${areaField({ name: 'privateKey', label: 'Private key', rows: 5, mono: true, hint: 'PKCS #8 in PEM. It is sealed at once, and never shown again.' })}
    ${choiceField({ name: 'purpose', label: 'Purpose', choices: ['dual', 'sign', 'encrypt'].map((value) => ({ value, label: value })) })}`,
    { label: 'Add' },
  )}</section>`;
  },
  actions: {
    async add({ tenancy, actor }, form) {
      const input = {
        owner: form.text('owner').toLowerCase(),
        certificate: form.exact('certificate'),
        purpose: form.text('purpose'),
        ...(form.text('privateKey') === '' ? {} : { privateKey: form.exact('privateKey') }),
      };
      const { owner } = await addKey(tenancy.world, actor, fitting(keyInput, input));
      return { text: `${owner} has another key, from the next message on.` };
    },
    async issue({ tenancy, actor }, form) {
      const { owner } = fitting(keyOrder, { owner: form.text('owner') });
      await issueKey(tenancy.world, actor, { owner });
      return { text: `${owner} has a new certificate. Its older ones only decrypt from now on.` };
    },
    async change({ tenancy, actor }, form) {
      const which = { owner: form.text('owner'), sha256: form.text('sha256') };
      const [state, reason] = [form.text('state'), form.text('reason')];
      const input = { state, ...(state === 'revoked' && reason !== '' ? { reason } : {}) };
      await changeKey(tenancy.world, actor, which, fitting(keyChange, input));
      return { text: `The key of ${which.owner} was changed.` };
    },
  },
};

const stateForm = (desk: Desk, one: { owner: string; sha256: string; state: string }) =>
  actionForm(
    desk,
    'keys',
    'change',
    html`${hidden('owner', one.owner)}${hidden('sha256', one.sha256)}${choiceField({
      name: 'state',
      label: 'State',
      choices: Object.entries(KEY_STATE).map(([value, [, label]]) => ({ value, label })),
      value: one.state,
      hint: 'What was revoked stays revoked, and its owner gets another certificate only when one is issued',
    })}${choiceField({
      name: 'reason',
      label: 'Reason of a revocation',
      choices: REVOCATION_REASONS.map((value) => ({ value, label: value })),
    })}`,
    { label: 'Save' },
  );

/** Anchors that were set by hand, for a domain and a direction. */
export const anchorsSection: Section = {
  id: 'anchors',
  title: 'Anchors',
  for: ['operator', 'organization-administrator'],
  async body(desk) {
    const { world } = desk.tenancy;
    const list = await anchors(world, desk.actor);
    const operates = desk.actor.role === 'operator';
    const names = (await domains(world, desk.actor)).map(({ name }) => ({ value: name, label: name }));
    return html`<section class="panel">
  <p class="muted">Anchors that were set by hand. Those of <a href="/bundles">bundles</a> come and go with their bundles.</p>
  ${rowsTable(
    ['Domain', 'Anchor', 'SHA-256', 'For mail', ...(operates ? [''] : [])],
    list.map((one) => [
      html`<span class="mono">${one.domain}</span>`,
      formatName(one.certificate.subject),
      short(one.sha256),
      directions(one),
      ...(operates
        ? [
            actionForm(
              desk,
              'anchors',
              'remove',
              html`${hidden('domain', one.domain)}${hidden('sha256', one.sha256)}`,
              { label: 'Remove', quiet: true, small: true },
            ),
          ]
        : []),
    ]),
    'No anchor was set by hand.',
  )}
</section>
${
  operates
    ? html`<section class="panel"><h2>Add an anchor</h2>
  ${actionForm(
    desk,
    'anchors',
    'add',
    html`${choiceField({ name: 'domain', label: 'Domain that trusts it', choices: names })}
    ${areaField({ name: 'certificate', label: 'CA certificate', rows: 5, required: true, mono: true, hint: 'PEM' })}
    ${checkField({ name: 'incoming', label: 'for incoming mail', checked: true })}
    ${checkField({ name: 'outgoing', label: 'for outgoing mail', checked: true })}`,
    { label: 'Add' },
  )}</section>`
    : ''
}`;
  },
  actions: {
    async add({ tenancy, actor }, form) {
      const input = {
        domain: form.text('domain'),
        certificate: form.exact('certificate'),
        incoming: form.checked('incoming'),
        outgoing: form.checked('outgoing'),
      };
      await addAnchor(tenancy.world, actor, fitting(anchorInput, input));
      return { text: `${input.domain} trusts another anchor, from the next decision on.` };
    },
    async remove({ tenancy, actor }, form) {
      const which = { domain: form.text('domain'), sha256: form.text('sha256') };
      await removeAnchor(tenancy.world, actor, which);
      return { text: `${which.domain} no longer trusts this anchor by hand.` };
    },
  },
};

/** Bundles that the HISP fetches, and the domains that take anchors from them. */
export const subscriptionsSection: Section = {
  id: 'subscriptions',
  title: 'Subscriptions',
  for: ['operator', 'organization-administrator'],
  async body(desk) {
    const { world } = desk.tenancy;
    const list = await subscriptions(world, desk.actor);
    const operates = desk.actor.role === 'operator';
    const names = (await domains(world, desk.actor)).map(({ name }) => name);
    return html`<section class="panel">
  <p class="muted">Bundles that were subscribed to here. Those of the network’s own communities stand in its file; what each HISP takes is on the page <a href="/bundles">Bundles</a>.</p>
  ${rowsTable(
    ['Bundle', 'From', 'For', ...(operates ? [''] : [])],
    list.map((one) => [
      one.title,
      html`<small class="mono">${one.url}</small>`,
      html`<small>${one.domains.map((each) => html`<span class="mono">${each.domain}</span> ${directions(each)}<br>`)}</small>`,
      ...(operates
        ? [
            actionForm(desk, 'subscriptions', 'remove', hidden('id', one.id), {
              label: 'Remove',
              quiet: true,
              small: true,
            }),
          ]
        : []),
    ]),
    'Nothing was subscribed to here.',
  )}
</section>
${operates ? subscribeForm(desk, names) : ''}`;
  },
  actions: {
    async add({ tenancy, actor }, form) {
      const { id } = await putBundle(tenancy.world, actor, fitting(subscriptionInput, subscriptionOf(form)));
      return { text: `${id} is fetched now; its anchors count once it is here.` };
    },
    async remove({ tenancy, actor }, form) {
      const id = form.text('id');
      await removeBundle(tenancy.world, actor, id);
      return { text: `${id} is no longer subscribed to.` };
    },
  },
};

const subscribeForm = (
  desk: Desk,
  names: readonly string[],
) => html`<section class="panel"><h2>Subscribe to a bundle</h2>
  ${actionForm(
    desk,
    'subscriptions',
    'add',
    html`${textField({ name: 'id', label: 'Short name', required: true, hint: 'The one of a subscription above changes that one' })}
    ${textField({ name: 'title', label: 'Title' })}
    ${textField({ name: 'url', label: 'URL', required: true, placeholder: 'https://bundles.example/community.p7b' })}
    ${textField({ name: 'interval', label: 'Minutes between two fetches', value: '1440' })}
    ${areaField({ name: 'pin', label: 'Certificate of its signer', rows: 4, mono: true, hint: 'PEM; without it, https alone tells who speaks' })}
    ${checkField({ name: 'unauthenticated', label: 'Take it by plain http and unsigned', hint: 'for test networks' })}
    <fieldset><legend>Domains that take its anchors</legend>${names.map(
      (name) => html`<div class="choice-row"><span class="mono">${name}</span>
      ${checkField({ name: 'incoming', value: name, label: 'incoming' })} ${checkField({ name: 'outgoing', value: name, label: 'outgoing' })}</div>`,
    )}</fieldset>`,
    { label: 'Subscribe' },
  )}</section>`;

function subscriptionOf(form: Form) {
  const [incoming, outgoing] = [form.all('incoming'), form.all('outgoing')];
  const pin = form.exact('pin').trim();
  return {
    id: form.text('id'),
    ...(form.text('title') === '' ? {} : { title: form.text('title') }),
    url: form.text('url'),
    intervalMinutes: numberOf(form.text('interval')) ?? 1440,
    pins: pin === '' ? [] : [{ certificate: pin }],
    unauthenticated: form.checked('unauthenticated'),
    domains: [...new Set([...incoming, ...outgoing])].map((domain) => ({
      domain,
      incoming: incoming.includes(domain),
      outgoing: outgoing.includes(domain),
    })),
  };
}
