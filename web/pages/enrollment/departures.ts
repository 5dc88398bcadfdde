import { html } from 'hono/html';
import type { DepartureView } from '../../../src/hisp/enrollment/departure.ts';
import type { DepartureState } from '../../../src/store/enrollment-schema.ts';
import type { Organization } from '../../../src/store/tenancy-schema.ts';
import { hidden, moment } from '../../desk/section.ts';
import { type Html, tokenField } from '../../layout.ts';
import { badge } from '../../parts/badge.ts';
import { areaField, choiceField, rowsTable } from '../../parts/fields.ts';
import { stepList } from '../../parts/step-list.ts';
import type { Tone } from '../../views.ts';
import { problemList } from './join.ts';
import { enrollmentStyles, operatorNav } from './styles.ts';

const STATES: Readonly<Record<DepartureState, readonly [Tone, string]>> = {
  planned: ['info', 'planned'],
  leaving: ['warn', 'mail is answered'],
  left: ['warn', 'withdrawn'],
  ended: ['good', 'has left'],
  stopped: ['muted', 'stopped'],
};

export const departuresPage = (
  view: {
    readonly title: string;
    readonly list: readonly DepartureView[];
    /** Who may leave. */
    readonly members: readonly Organization[];
    readonly problems: readonly string[];
  },
  token: string,
): Html => html`${enrollmentStyles()}
<div class="page-head"><h1>Departures</h1><p class="muted">${view.title}</p></div>
${operatorNav('departures')}
${problemList(view.problems)}
<section class="panel">${rowsTable(
  ['Organization', 'State', 'Begins', 'Reason'],
  view.list.map(({ row, name }) => [
    html`<a href="/departures/${row.id}">${name}</a>`,
    badge(...STATES[row.state]),
    html`<span class="mono nobr">${moment(row.starts_at)}</span>`,
    row.reason,
  ]),
  'Nobody leaves.',
)}</section>
<section class="panel"><h2>An organization leaves</h2>
  <form method="post" action="/departures" class="write">${tokenField(token)}
  ${choiceField({ name: 'organization', label: 'Organization', choices: view.members.map(({ id, name }) => ({ value: id, label: `${name} (${id})` })) })}
  <label class="field"><span>First day</span><input type="date" name="startsOn"><small class="muted">UTC; empty: at once</small></label>
  ${areaField({ name: 'reason', label: 'Reason', rows: 2, required: true })}
  <p class="muted">Its mail is answered from that moment on. It can be stopped until the certificates are revoked.</p>
  <button type="submit">Begin the departure</button></form></section>`;

export const departurePage = (
  view: DepartureView & { readonly problems: readonly string[]; readonly told?: string },
  token: string,
): Html => {
  const { row, name, domains, steps, stoppable, exported } = view;
  const done = steps.every(({ state }) => state === 'done');
  return html`${enrollmentStyles()}
<div class="page-head"><h1>${name} leaves</h1>
  <p>${badge(...STATES[row.state])} <span class="muted">from ${moment(row.starts_at)} UTC, by ${row.actor}</span></p>
  <p class="muted">${row.reason}</p></div>
${operatorNav('departures')}
${view.told ? html`<p class="notice good" role="status">${view.told}</p>` : ''}
${problemList(view.problems)}
<div class="two-thirds"><section class="panel accent" aria-labelledby="steps"><h2 id="steps">Steps</h2>${stepList(steps)}
  ${
    done || row.state === 'stopped'
      ? ''
      : html`<form method="post" action="/departures/${row.id}" class="write">${tokenField(token)}${hidden('do', 'go')}<button type="submit" class="quiet">Go on</button></form>`
  }</section>
<div class="column">
  <section class="panel"><h2>What leaves</h2><ul class="item-list">${domains.map((domain) => html`<li class="mono">${domain}</li>`)}</ul></section>
  ${
    exported
      ? html`<section class="panel"><h2>Mailboxes</h2><p><a class="button quiet" href="/departures/${row.id}/mailboxes.zip">Save the ZIP</a></p>
    <p class="muted">For the organization. ${row.export_until === null ? '' : `Kept until ${moment(row.export_until)} UTC.`}</p><p class="muted"><small class="mono block">SHA-256 ${row.export_sha256}</small></p></section>`
      : ''
  }
  ${
    stoppable
      ? html`<section class="panel"><h2>Stop</h2><form method="post" action="/departures/${row.id}" class="write">${tokenField(token)}${hidden('do', 'stop')}
    ${areaField({ name: 'why', label: 'Why it stays', rows: 2, required: true })}<button type="submit" class="quiet">Stop the departure</button></form></section>`
      : ''
  }
  <section class="panel"><h2>What is kept</h2><p class="muted">The audit log, the journal of its mail (ids and addresses, no content) and the revocations stay. Messages and their outcomes go with the usual time of the HISP.</p></section>
</div></div>`;
};
