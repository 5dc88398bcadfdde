import { html } from 'hono/html';
import { badge, statusBadge, toneOf } from '../parts/badge.ts';
import { checkTable } from '../parts/check-table.ts';
import { timeline } from '../parts/timeline.ts';
import type { ResultView, ScenarioRowView } from '../views.ts';
import { runForm } from './scenarios.ts';

const selector = (row: ScenarioRowView): string => (row.variant ? `${row.id}/${row.variant}` : row.id);

/** @param outside page of the system outside that was tested: it cannot be run again from here */
export const resultPage = (
  view: ResultView,
  token: string,
  outside?: string,
) => html`<div class="page-head split">
<div class="page-head">
  <p><a href="${outside ?? `/runs/${view.run.id}`}">Run: ${view.run.selection}</a></p>
  <h1><span class="mono id">${view.row.id}</span> ${view.row.title}${view.row.variant ? html` <small class="muted">${view.row.variant}</small>` : ''}</h1>
  ${view.why ? html`<p class="lead">${view.why}</p>` : ''}
</div>
${
  outside
    ? ''
    : html`<div class="field-row">
  ${view.row.twins > 0 && view.twins.length === 0 ? runForm(token, [selector(view.row)], 'Run with its broken twins', 'quiet', true) : ''}
  ${runForm(token, [selector(view.row)], 'Run again', 'quiet')}
</div>`
}
</div>
<section class="panel verdict ${view.row.status ? toneOf(view.row.status) : 'muted'}">
  <p class="headline">${statusBadge(view.row.status)}
    ${view.control ? html`<span class="muted">control</span> ${statusBadge(view.control.status)}` : ''}
    ${view.row.virtualMs === undefined || outside ? '' : html`<span class="muted">${(view.row.virtualMs / 1000).toFixed(1)} s of simulated time, seed ${view.run.seed}</span>`}</p>
  ${view.row.firstCause ? html`<p class="reason">${view.row.firstCause}</p>` : ''}
  ${view.cure ? html`<p><strong>What makes it pass:</strong> ${view.cure}</p>` : ''}
  ${view.cites.length > 0 ? html`<p class="cites">${view.cites.map((cite) => html`<span class="cite">${cite}</span>`)}</p>` : ''}
</section>
<nav class="jump" aria-label="On this page">
  <a href="#checks">Checks</a>${view.certificates.length > 0 ? html` <a href="#certificates">Certificates</a>` : ''} <a href="#timeline">Timeline <span class="muted">${view.timeline.length}</span></a>
</nav>
<section class="panel" id="checks">
  ${checkTable(view.checks, 'Checks')}
  ${view.control && view.control.checks.length > 0 ? checkTable(view.control.checks, 'Positive control, same path, same run') : ''}
  ${
    view.twins.length > 0
      ? html`<table class="stack"><caption>Broken twins: each must fail exactly the checks it names</caption>
    <thead><tr><th scope="col">Behaviour</th><th scope="col">Expected to fail</th><th scope="col">Failed</th><th scope="col">Verdict</th></tr></thead>
    <tbody>${view.twins.map(
      (
        twin,
      ) => html`<tr><th scope="row" class="mono">${twin.behaviour}</th><td data-label="Expected">${twin.expected}</td><td data-label="Failed">${twin.failed}</td>
      <td data-label="Verdict">${badge(twin.ok ? 'good' : 'bad', twin.ok ? 'caught' : 'not caught')}</td></tr>`,
    )}</tbody></table>`
      : ''
  }
</section>
${
  view.certificates.length > 0
    ? html`<section class="panel" id="certificates"><table class="stack"><caption>Certificates of this run</caption>
  <thead><tr><th scope="col">Role</th><th scope="col">For</th><th scope="col">Published</th><th scope="col">Fault</th><th scope="col">SHA-256</th></tr></thead>
  <tbody>${view.certificates.map(
    (
      one,
    ) => html`<tr><th scope="row" class="mono">${one.role}</th><td data-label="For" class="mono">${one.names}</td>
    <td data-label="Published">${one.places}</td><td data-label="Fault">${one.faults || html`<span class="muted">none</span>`}</td>
    <td data-label="SHA-256" class="mono">${one.sha256.slice(0, 16)}…</td></tr>`,
  )}</tbody></table></section>`
    : ''
}
<section class="panel" id="timeline"><h2>What happened</h2>${timeline(view.timeline)}</section>`;
