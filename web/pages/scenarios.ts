import { html } from 'hono/html';
import { tokenField } from '../layout.ts';
import { badge, statusBadge } from '../parts/badge.ts';
import { tally } from '../parts/tally.ts';
import type { RunHeadView, ScenarioRowView, ScenariosView } from '../views.ts';

export const scenariosPage = (view: ScenariosView, token: string) => html`<div class="page-head split">
  <div>
    <h1>Scenarios</h1>
    <p class="muted">Each runs on a simulated network with a clock of its own: minutes pass in milliseconds, the bytes are real. <a href="/targets">Systems outside</a> are tested over real sockets.</p>
  </div>
  <div class="field-row">${runForm(token, [], 'With broken twins', 'quiet', true)} ${runForm(token, [], 'Run everything')}</div>
</div>
${view.runs.length > 0 ? recent(view.runs) : ''}
${view.suites.map(
  (suite) => html`<section class="panel suite" aria-labelledby="suite-${suite.id}">
  <header class="split"><h2 id="suite-${suite.id}">${suite.title}</h2>${runForm(token, [suite.id], 'Run suite')}</header>
  ${suite.groups.map(
    (group) => html`<section aria-label="${group.title}">
    <header class="split group"><h3>${group.title}</h3>${runForm(
      token,
      [...new Set(group.rows.map((row) => row.id))],
      'Run group',
      'quiet',
    )}</header>
    ${scenarioTable(group.rows, token)}
  </section>`,
  )}
</section>`,
)}`;

/** A button that starts a run; with `twins`, each deliberate fault is run as well and must be noticed. */
export const runForm = (
  token: string,
  select: readonly string[],
  word: string,
  look = '',
  twins = false,
) => html`<form method="post" action="/runs" class="run-form">
  ${tokenField(token)}${select.map((one) => html`<input type="hidden" name="select" value="${one}">`)}${twins ? html`<input type="hidden" name="twins" value="1">` : ''}
  <button type="submit" class="${look}">${word}</button>
</form>`;

const recent = (runs: readonly RunHeadView[]) => html`<section class="panel" aria-labelledby="recent">
  <h2 id="recent">Recent runs</h2>
  <table class="stack"><thead><tr><th scope="col">Run</th><th scope="col">Result</th><th scope="col">Seed</th><th scope="col">At</th></tr></thead>
  <tbody>${runs.map(
    (run) => html`<tr><td><a href="/runs/${run.id}">${run.selection}</a></td>
    <td data-label="Result">${run.state === 'running' ? statusBadge('running') : tally(run)} ${run.state === 'stopped' ? badge('warn', 'stopped') : ''}</td>
    <td data-label="Seed" class="mono">${run.seed}</td><td data-label="At" class="mono">${run.at}</td></tr>`,
  )}</tbody></table>
</section>`;

/** With a token, each row can be run on its own. */
export const scenarioTable = (
  rows: readonly ScenarioRowView[],
  token?: string,
) => html`<table class="scenarios stack">
  <thead><tr><th scope="col">Id</th><th scope="col">What is tested</th><th scope="col">Result</th>${
    token === undefined
      ? html`<th scope="col">First cause</th>`
      : html`<th scope="col"><span class="visually-hidden">Run</span></th>`
  }</tr></thead>
  <tbody>${rows.map((row) => (token === undefined ? scenarioRow(row) : catalogueRow(row, token)))}</tbody>
</table>`;

const name = (row: ScenarioRowView) =>
  html`<span class="mono id">${row.id}</span>${row.variant ? html`<small class="muted">${row.variant}</small>` : ''}`;

const catalogueRow = (row: ScenarioRowView, token: string) => html`<tr>
  <th scope="row">${name(row)}</th>
  <td data-label="Tests">${row.title}${row.twins > 0 ? html`<small class="muted">${row.twins} broken ${row.twins === 1 ? 'twin' : 'twins'}</small>` : ''}</td>
  <td data-label="Result">${row.href ? html`<a href="${row.href}">${statusBadge(row.status)}</a>` : statusBadge(row.status)}</td>
  <td>${runForm(token, [row.id], 'Run', 'quiet small')}</td>
</tr>`;

/** A row of a run; replaced as the run goes on. */
export const scenarioRow = (row: ScenarioRowView) => html`<tr id="row-${row.key}">
  <th scope="row">${name(row)}</th>
  <td data-label="Tests">${row.href ? html`<a href="${row.href}">${row.title}</a>` : row.title}</td>
  <td data-label="Result">${statusBadge(row.status)}</td>
  <td data-label="First cause">${row.firstCause ?? ''}</td>
</tr>`;
