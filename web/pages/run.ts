import { html } from 'hono/html';
import { tokenField } from '../layout.ts';
import { badge } from '../parts/badge.ts';
import { tally } from '../parts/tally.ts';
import type { RunHeadView, RunView } from '../views.ts';
import { scenarioTable } from './scenarios.ts';

export const runPage = (view: RunView, token: string) => html`<div class="page-head split">
  <div>
    <p><a href="/scenarios">Scenarios</a></p>
    <h1>Run: ${view.head.selection}</h1>
    ${view.head.state === 'running' ? html`<div hx-sse:connect="/runs/${view.head.id}/events" hx-sse:close="done" hx-swap="none"></div>` : ''}
    <p class="muted">started ${view.head.at}, seed ${view.head.seed}${view.head.twins ? ', with broken twins' : ''}</p>
  </div>
  ${
    view.head.state === 'running'
      ? html`<form method="post" action="/runs/${view.head.id}/stop" id="stop">${tokenField(token)}<button type="submit" class="quiet">Stop</button></form>`
      : runAgain(view, token)
  }
</div>
${runHead(view.head)}
<section class="panel">${scenarioTable(view.rows)}</section>`;

/** The button that takes the place of Stop when a run is over. */
export const runAgain = (
  view: RunView,
  token: string,
) => html`<form method="post" action="/runs">${tokenField(token)}
    ${[...new Set(view.rows.map((row) => row.id))].map((id) => html`<input type="hidden" name="select" value="${id}">`)}
    ${view.head.twins ? html`<input type="hidden" name="twins" value="1">` : ''}
    <button type="submit" class="quiet">Run again</button>
  </form>`;

/** How far the run is; replaced as it goes on. */
export const runHead = (
  head: RunHeadView,
) => html`<section id="run-head" class="panel run-head" aria-live="polite" data-state="${head.state}">
  <progress max="${head.total}" value="${head.done}">${head.done} of ${head.total}</progress>
  <p>${
    head.state === 'running'
      ? badge('busy', `${head.done} of ${head.total}`)
      : head.state === 'failed'
        ? badge('bad', 'the testbed failed')
        : head.state === 'stopped'
          ? badge('warn', `stopped after ${head.done} of ${head.total}`)
          : badge(head.tally.fail + head.tally.error > 0 ? 'bad' : 'good', `${head.total} done`)
  } ${tally(head)}${head.ms === undefined ? '' : html` <span class="muted">${(head.ms / 1000).toFixed(1)} s</span>`}</p>
  ${head.failure ? html`<p class="reason">${head.failure}</p>` : ''}
</section>`;
