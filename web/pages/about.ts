import { html } from 'hono/html';
import { badge } from '../parts/badge.ts';
import type { AboutView } from '../views.ts';

export const aboutPage = (view: AboutView) => html`<div class="page-head">
  <h1>About this Anchorage</h1>
  <p class="muted">version ${view.version}, state in <span class="mono">${view.state}</span></p>
</div>
<section class="panel"><h2>Health</h2>
  <dl class="facts">${view.health.map(
    (line) =>
      html`<div><dt>${line.name}</dt><dd>${line.tone === 'muted' ? line.text : badge(line.tone, line.text)}</dd></div>`,
  )}</dl>
  <p class="muted">For supervisors: <a href="/healthz">/healthz</a> says whether the program lives, <a href="/readyz">/readyz</a> whether every server serves.</p>
</section>
<section class="panel"><h2>Servers</h2>
  <table class="stack"><thead><tr><th scope="col">Server</th><th scope="col">What</th><th scope="col">Where</th><th scope="col">State</th></tr></thead>
  <tbody>${view.services.map(
    (service) => html`<tr><th scope="row">${service.name}</th><td data-label="What">${service.what}</td>
    <td data-label="Where" class="mono">${service.at}</td><td data-label="State">${service.up ? badge('good', 'up') : badge('bad', 'down')}</td></tr>`,
  )}</tbody></table>
</section>
<section class="panel narrow"><h2>What it is for</h2>
  <p>Anchorage runs a small Direct Secure Messaging trust network and tests how systems behave in it. It prepares for
  accreditation; it does not accredit or certify. It is not for real patients’ data: keys lie unprotected in the state
  folder, and everything listens on this machine only.</p>
  <p>What certificates, bundles, zones and messages are held against stands in the <a href="/rules">index of rules</a>.</p>
</section>`;
