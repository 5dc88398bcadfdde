import { html } from 'hono/html';
import type { RuleAreaView, RuleView } from '../present/rules.ts';

export const rulesPage = (areas: readonly RuleAreaView[]) => html`<div class="page-head">
  <h1>Rules</h1>
  <p class="muted">What <span class="mono">anchorage lint</span> holds certificates, bundles, zones and messages against. A <em>must</em>
  can fail, a <em>should</em> can warn; the rest is only told. Levels are those of profile 1.3.</p>
</div>
<nav class="panel narrow" aria-label="Areas"><ul class="areas">${areas.map(
  (area) =>
    html`<li><a href="#${area.id}">${area.title}</a> <span class="muted">${area.rows.length}</span></li>`,
)}</ul></nav>
${areas.map(
  (area) => html`<section class="panel" aria-labelledby="${area.id}">
  <h2 id="${area.id}">${area.title}</h2>
  <table class="rules stack">
    <thead><tr><th scope="col">Rule</th><th scope="col">What is right</th><th scope="col">Level</th></tr></thead>
    <tbody>${area.rows.map(
      (row) => html`<tr><th scope="row"><a class="mono" href="${row.href}">${row.id}</a></th>
      <td>${row.title}</td><td data-label="Level">${level(row.level)}</td></tr>`,
    )}</tbody>
  </table>
</section>`,
)}`;

/** How strong a rule is; no verdict, so it has no colour of one. */
const level = (word: string) => html`<span class="level ${word}">${word}</span>`;

export const rulePage = (rule: RuleView) => html`<div class="page-head">
  <p class="muted"><a href="/rules">Rules</a> · ${rule.area}</p>
  <h1>${rule.title}</h1>
  <p><span class="mono">${rule.id}</span> · ${level(rule.level)}</p>
</div>
<section class="panel narrow"><h2>What a violation looks like</h2>
  <p class="example">${rule.example}</p>
</section>
<section class="panel narrow"><h2>What it rests on</h2>
  <ul>${rule.cites.map((cite) => html`<li>${cite}</li>`)}</ul>
  ${rule.terms.length > 0 ? html`<p class="muted">${rule.terms.join('; ')}.</p>` : ''}
</section>`;
