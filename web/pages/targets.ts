import { html } from 'hono/html';
import { badge, statusBadge } from '../parts/badge.ts';
import { tally } from '../parts/tally.ts';
import type { TargetRunView, TargetView } from '../views.ts';
import { scenarioTable } from './scenarios.ts';

export const targetsPage = (targets: readonly TargetView[]) => html`<div class="page-head">
  <p><a href="/scenarios">Scenarios</a></p>
  <h1>Systems outside</h1>
  <p class="muted">Each is tested over real sockets and in real time, by the same scenarios.</p>
</div>
<section class="panel">${
  targets.length === 0
    ? html`<p>No system was tested yet. Write a profile, as docs/targets.md has it, and start:</p><pre><code>anchorage run --target profile.yaml</code></pre>`
    : html`<table class="stack"><thead><tr><th scope="col">System</th><th scope="col">Latest run</th><th scope="col">State</th><th scope="col">Readiness</th></tr></thead>
<tbody>${targets.map(
        ({ name, title, runs }) => html`<tr><th scope="row"><a href="/targets/${name}">${title}</a></th>
  <td data-label="Latest run">${runs[0] ? runs[0].started : ''}</td><td data-label="State">${runs[0] ? stateOf(runs[0]) : ''}</td>
  <td data-label="Readiness"><a href="/readiness/${name}">Report</a></td></tr>`,
      )}</tbody></table>`
}</section>`;

const stateOf = (run: TargetRunView) =>
  run.waiting
    ? badge('busy', 'waits for the tester')
    : run.done === run.total
      ? tally(run)
      : html`${statusBadge('running')} <span class="muted">${run.done} of ${run.total}</span>`;

export const targetPage = (view: TargetView) => html`<div class="page-head split">
  <div><p><a href="/targets">Systems outside</a></p><h1>${view.title}</h1></div>
  <a href="/readiness/${view.name}">Readiness report</a>
</div>
${targetState(view)}`;

/** Its runs, newest first; asked for again while one goes on. */
export const targetState = (view: TargetView) =>
  html`<div id="target-state"${
    view.runs[0] && view.runs[0].done < view.runs[0].total
      ? html` hx-get="/targets/${view.name}/state" hx-trigger="every 3s" hx-swap="outerHTML"`
      : ''
  }>${view.runs.map(
    (run, index) => html`<section class="panel run-head" aria-label="Run of ${run.started}">
  <h2>Run of ${run.started} ${stateOf(run)}</h2>
  ${run.done < run.total ? html`<progress max="${run.total}" value="${run.done}">${run.done} of ${run.total}</progress>` : ''}
  ${run.waiting ? html`<div class="verdict warn" role="status"><p class="headline">${badge('busy', 'waiting for you')}</p><p class="reason">${run.waiting.what}</p><p class="muted">Until ${run.waiting.until} UTC. The run goes on by itself when the message comes.</p></div>` : ''}
  ${run.done < run.total ? html`<p class="muted">If it was stopped, it goes on with: <code>${run.resume}</code></p>` : ''}
  ${run.strangers.length > 0 ? html`<p>${badge('warn', 'messages from addresses that are not registered')}</p><ul>${run.strangers.map(({ from, to, at }) => html`<li><span class="mono">${from}</span> to <span class="mono">${to}</span>, ${at}</li>`)}</ul>` : ''}
  ${index === 0 ? scenarioTable(run.rows) : html`<details><summary>${run.total} scenarios</summary>${scenarioTable(run.rows)}</details>`}
</section>`,
  )}</div>`;
