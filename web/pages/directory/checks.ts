import { html } from 'hono/html';
import type { CheckReportView, CheckRunView, ChecksView } from '../../directory-views.ts';
import { type Html, tokenField } from '../../layout.ts';
import { badge } from '../../parts/badge.ts';
import { checkField, choiceField, rowsTable } from '../../parts/fields.ts';
import { type Outcome, outcome } from './contributions.ts';
import { directoryHead } from './frame.ts';

const runPath = (id: string): string => `/directory/checks/${id}`;

export const checksPage = (
  view: ChecksView,
  token: string,
  after: Outcome = {},
): Html => html`${directoryHead('checks', true)}
<div class="page-head"><h1>Compliance checks</h1>
  <p class="muted">Every entry of a publication is held against every rule. What fails is told with its reason, and lies as CSV in a ZIP.</p></div>
${outcome(after)}
<section class="panel" aria-labelledby="run"><h2 id="run">Run checks</h2>
  <form class="write" method="post" action="/directory/checks">${tokenField(token)}
    <div class="joined">
      ${choiceField({
        name: 'by',
        label: 'Group by',
        choices: [
          { value: 'state', label: 'state' },
          { value: 'hisp', label: 'HISP' },
        ],
      })}
      ${choiceField({ name: 'day', label: 'Publication', choices: [{ value: '', label: 'what is listed now' }, ...view.days.map((day) => ({ value: day, label: day }))] })}
    </div>
    <details class="behind"><summary>Only some checks</summary><fieldset><legend>Checks</legend>${view.checks.map(({ code, title }) => checkField({ name: 'code', value: code, label: code, hint: title }))}</fieldset></details>
    <button type="submit">Run</button></form>
  <p class="muted">${view.npiTable ? html`NPPES table: ${view.npiTable}.` : html`No NPPES table is loaded, so the types of NPI are not checked: <code>anchorage directory npi-types npidata_pfile.csv</code>`}</p></section>
<section class="panel" aria-labelledby="runs"><h2 id="runs">Runs</h2>
  ${rowsTable(
    ['When', 'Publication', 'Result'],
    view.runs.map((run) => [
      html`<a class="mono nobr" href="${runPath(run.id)}">${run.at}</a>`,
      run.title,
      badge(run.state.tone, run.state.text),
    ]),
    'None yet.',
  )}</section>`;

export const reportPage = (view: CheckReportView): Html => html`${directoryHead('checks', true)}
<div class="page-head"><p><a href="/directory/checks">Compliance checks</a></p>
  <div class="split"><h1>${view.title}</h1>${view.codes.length > 0 ? html`<a class="button quiet" href="${runPath(view.id)}/report.zip">Download the ZIP</a>` : ''}</div>
  <p class="muted">Started ${view.at} UTC.</p></div>
${view.codes.length === 0 ? underWay(view) : results(view)}`;

/** Asked again every second while it goes on. */
const underWay = (run: CheckRunView): Html => html`<section class="panel" id="run" ${
  run.part === undefined
    ? ''
    : html`hx-get="${runPath(run.id)}" hx-trigger="load delay:1s" hx-target="main" hx-select="main" hx-swap="outerHTML"`
}>
  <p>${badge(run.state.tone, run.state.text)} ${run.state.detail ?? ''}</p>
  ${run.part === undefined ? '' : html`<progress value="${run.part}" max="1" aria-label="Progress"></progress><p class="muted">The page asks by itself; without script, load it again.</p>`}</section>`;

const results = (
  view: CheckReportView,
): Html => html`<section class="panel verdict ${view.state.tone}"><p class="headline">${badge(view.state.tone, view.state.text)} ${view.summary}</p></section>
<section class="panel" aria-labelledby="checks"><h2 id="checks">Checks</h2>
  ${rowsTable(
    ['Check', 'Kind', 'What is right', 'Entries that fail'],
    view.codes.map(({ code, category, title, failures }) => [
      html`<span class="mono nobr">${failures > 0 ? html`<a href="#${code}">${code}</a>` : code}</span>`,
      category,
      title,
      failures > 0 ? badge('warn', failures.toLocaleString('en-US')) : badge('good', '0'),
    ]),
    '',
  )}</section>
${
  view.columns.length > 0
    ? html`<section class="panel" aria-labelledby="groups"><h2 id="groups">By ${view.by === 'HISP' ? 'HISP' : 'state'}</h2>
  <div class="sideways">${rowsTable(
    [view.by, 'Entries', ...view.columns],
    view.groups.map(({ group, entries, failures }) => [
      group,
      entries.toLocaleString('en-US'),
      ...failures.map((count) =>
        count > 0
          ? html`<strong>${count.toLocaleString('en-US')}</strong>`
          : html`<span class="muted">0</span>`,
      ),
    ]),
    '',
  )}</div></section>`
    : ''
}
${view.examples.map(
  ({
    code,
    title,
    failures,
    rows,
  }) => html`<section class="panel" id="${code}" aria-label="${code}"><h2>${code} <small class="muted">${title}</small></h2>
  <ul class="plain reasons">${rows.map(
    ({ address, group, reason }) =>
      html`<li><a class="mono" href="/directory/${encodeURIComponent(address)}">${address}</a> <span class="muted">${group}</span><br>${reason}</li>`,
  )}</ul>
  ${failures > rows.length ? html`<p class="muted">The first ${rows.length} of ${failures.toLocaleString('en-US')}; all are in the ZIP.</p>` : ''}</section>`,
)}`;
