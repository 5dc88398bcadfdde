import { html } from 'hono/html';
import {
  audit,
  auditVerdict,
  changeSetting,
  forgetAnswers,
  type MemberCounts,
  mayReprocess,
  quarantine,
  queue,
  report,
  resetSetting,
  settings,
} from '../../../src/hisp/tenancy/books.ts';
import { type Cause, sentence } from '../../../src/outcome/cause.ts';
import type { Stage } from '../../../src/store/schema.ts';
import { badge } from '../../parts/badge.ts';
import { rowsTable, textField } from '../../parts/fields.ts';
import { actionForm, hidden, moment, type Section } from '../section.ts';

/** Settings, each with its default and what it means. */
export const settingsSection: Section = {
  id: 'settings',
  title: 'Settings',
  for: ['operator'],
  async body(desk) {
    const list = await settings(desk.tenancy.world, desk.actor);
    return html`<section class="panel">
  ${rowsTable(
    ['Setting', 'Default', 'Value'],
    list.map(({ key, value, default: usual, meaning }) => [
      html`<span class="mono">${key}</span><small class="muted">${meaning}</small>`,
      html`<span class="mono">${String(usual)}</span>${
        value === usual
          ? ''
          : actionForm(desk, 'settings', 'reset', hidden('key', key), {
              label: 'Reset',
              quiet: true,
              small: true,
            })
      }`,
      actionForm(
        desk,
        'settings',
        'change',
        html`${hidden('key', key)}<input type="text" name="value" value="${String(value)}" aria-label="${key}">`,
        { label: 'Save', quiet: true, small: true },
      ),
    ]),
    '',
  )}
</section>
<section class="panel">
  <h2>What others said</h2>
  <p class="muted">Answers of DNS, revocation lists and issuers are kept for a while. When somebody has just mended theirs, forget them: the next message asks anew.</p>
  ${actionForm(desk, 'settings', 'forget', '', { label: 'Forget them', quiet: true })}
</section>`;
  },
  actions: {
    async reset({ tenancy, actor }, form) {
      const key = form.text('key');
      await resetSetting(tenancy.world, actor, key);
      return { text: `${key} has its default again.` };
    },
    async forget({ tenancy, actor }) {
      await forgetAnswers(tenancy.world, actor, tenancy.hisp);
      return { text: 'What others said is forgotten; the next message asks anew.' };
    },
    async change({ tenancy, actor }, form) {
      const key = form.text('key');
      await changeSetting(tenancy.world, actor, key, form.text('value'));
      return { text: `${key} was changed, and counts from now on.` };
    },
  },
};

const PAGE = 100;

/** Who changed what, chained. */
export const auditSection: Section = {
  id: 'audit',
  title: 'Audit',
  for: ['operator', 'organization-administrator'],
  async body(desk) {
    const before = Number(desk.query('before')) || undefined;
    const page = { limit: PAGE, ...(before === undefined ? {} : { before }) };
    const list = await audit(desk.tenancy.world, desk.actor, page);
    const verdict =
      desk.actor.role === 'operator' ? await auditVerdict(desk.tenancy.world, desk.actor) : undefined;
    const last = list.at(-1);
    return html`<section class="panel">
  ${
    verdict === undefined
      ? ''
      : verdict.ok
        ? html`<p>${badge('good', 'unbroken')} ${verdict.entries} entries follow from each other. Head: <span class="mono">${verdict.head.slice(0, 16)}…</span></p>`
        : html`<p class="notice bad" role="alert">${badge('bad', 'broken')} ${verdict.why}.</p>`
  }
  ${rowsTable(
    ['No.', 'At (UTC)', 'Who', 'What', 'To what', 'Detail'],
    list.map((one) => [
      String(one.n),
      html`<small class="mono">${moment(one.at)}</small>`,
      html`<span class="mono">${one.actor}</span>`,
      html`<code class="code">${one.action}</code>`,
      html`<span class="mono">${one.subject}</span>`,
      one.detail === '{}'
        ? ''
        : html`<details><summary>before, after</summary><pre>${JSON.stringify(JSON.parse(one.detail), null, 1)}</pre></details>`,
    ]),
    'Nothing was changed yet.',
  )}
  ${list.length === PAGE && last ? html`<p><a href="/admin/audit?before=${last.n}">Older entries</a></p>` : ''}
</section>`;
  },
  actions: {},
};

const firstOf = (causes: string | null): Cause | undefined =>
  causes === null ? undefined : (JSON.parse(causes) as Cause[])[0];

const why = (cause: Cause | undefined) =>
  cause ? html`<code class="code">${cause.code}</code><small>${sentence(cause)}</small>` : '';

/** What was refused; each can be judged again. */
export const quarantineSection: Section = {
  id: 'quarantine',
  title: 'Quarantine',
  for: ['operator', 'organization-administrator'],
  async body(desk) {
    const list = await quarantine(desk.tenancy.world, desk.actor);
    return html`<section class="panel">
  <p class="muted">What came and was refused in silence, as ciphertext. When an anchor or a revocation list is back, it can be judged again.</p>
  ${rowsTable(
    ['To', 'At (UTC)', 'Why', ''],
    list.map((one) => [
      html`<span class="mono">${one.address}</span>`,
      html`<small class="mono">${moment(one.at)}</small>`,
      why(firstOf(one.causes)),
      actionForm(
        desk,
        'quarantine',
        'reprocess',
        html`${hidden('message', one.message_id)}${hidden('address', one.address)}`,
        { label: 'Judge again', quiet: true, small: true },
      ),
    ]),
    'Nothing was refused.',
  )}
</section>`;
  },
  actions: {
    async reprocess({ tenancy, actor }, form) {
      const which = { messageId: form.text('message'), address: form.text('address') };
      await mayReprocess(tenancy.world, actor, which);
      const count = await tenancy.hisp.reprocess({ messageId: which.messageId, recipient: which.address });
      return {
        text:
          count > 0
            ? `The message to ${which.address} is judged again. If it is refused again, it comes back here.`
            : 'The message is under way already.',
      };
    },
  },
};

/** What is under way. */
export const queueSection: Section = {
  id: 'queue',
  title: 'Queue',
  for: ['operator', 'organization-administrator'],
  async body(desk) {
    const list = await queue(desk.tenancy.world, desk.actor);
    return html`<section class="panel">
  ${rowsTable(
    ['From', 'To', 'Since (UTC)', 'Waits for', 'Tries', 'Why'],
    list.map((one) => [
      html`<span class="mono">${one.envelope_from || 'the null reverse-path'}</span>`,
      html`<span class="mono">${one.address}</span>`,
      html`<small class="mono">${moment(one.received_at)}</small>`,
      STAGE_WORDS[one.stage],
      String(one.attempts),
      why(firstOf(one.causes)),
    ]),
    'Nothing is under way.',
  )}
</section>`;
  },
  actions: {},
};

const STAGE_WORDS: Readonly<Record<Stage, string>> = {
  open: 'being opened and judged',
  prepare: 'lookup, trust and encryption',
  transmit: 'the other server',
  forward: 'the edge system',
  ended: 'nothing',
};

const DAY = 86_400_000;

/** Our own members apart from those of connected HISPs. */
export const reportSection: Section = {
  id: 'report',
  title: 'Report',
  for: ['operator'],
  async body(desk) {
    const days = Math.min(366, Math.max(1, Number(desk.query('days')) || 30));
    const { world } = desk.tenancy;
    const found = await report(world, desk.actor, world.host.now() - days * DAY);
    const row = (who: string, one: MemberCounts) => [
      who,
      ...[one.organizations, one.domains, one.addresses, one.sent, one.failed, one.received].map(String),
    ];
    return html`<section class="panel">
  <form method="get" action="/admin/report" class="field-row">${textField({ name: 'days', label: 'Days', value: String(days) })}<button type="submit" class="quiet">Show</button></form>
  ${rowsTable(
    ['Members', 'Organizations', 'Domains', 'Addresses', 'Sent', 'of these failed', 'Received'],
    [row('our own', found.own), ...found.connected.map((one) => row(`of ${one.hisp}`, one))],
    '',
  )}
  <p class="muted">Since ${moment(found.since)} UTC. Messages are counted for each recipient; notices are not counted.</p>
</section>`;
  },
  actions: {},
};
